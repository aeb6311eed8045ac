package bot_test

import (
	"slices"
	"strings"
	"testing"

	"wenbao/bot"
)

// hasButton reports whether a reply has a button with a text.
func hasButton(r bot.Reply, text string) bool {
	return slices.ContainsFunc(buttons(r), func(b bot.Button) bool { return b.Text == text })
}

// TestOthersPresses has somebody else press the buttons under an answer in a group:
// it can be read and judged by all, and a standing filter is the presser's own.
func TestOthersPresses(t *testing.T) {
	k := newTalk(t, nil).in(group)
	k.say("/place 松岭")
	r := k.say("松岭县有什么计划？")
	k.user.ID = neighbour
	k.say("/place 临江")
	if view := k.press(r, "[1]"); len(view.Messages) != 1 || view.Messages[0].Replace != 0 || !strings.Contains(text(view), "松岭") {
		t.Errorf("[1]: %s", shape(view))
	}
	if liked := k.press(r, "👍"); len(liked.Messages) > 0 || liked.Toast == "" {
		t.Errorf("👍: %s", shape(liked))
	}
	if cleared := k.press(r, "清除范围"); !strings.Contains(cleared.Toast, "已清除") || len(cleared.Messages) > 0 {
		t.Errorf("清除范围: %s", shape(cleared))
	}
	if s := k.sessionOf(k.event(bot.Event{})); len(s.Places) > 0 {
		t.Errorf("the neighbour's filter is %q", s.Places)
	}
	k.user.ID = resident
	if s := k.sessionOf(k.event(bot.Event{})); !slices.Equal(s.Places, []string{"松岭县"}) {
		t.Errorf("the resident's filter is %q", s.Places)
	}
	var who []int64
	if err := k.store.EachOpinion(t.Context(), func(o bot.Opinion) error { who = append(who, o.User); return nil }); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(who, []int64{neighbour}) {
		t.Errorf("opinions are of %d", who)
	}
}

// TestFilterIsTheAnswers: what stands under an answer goes by the filter that it was
// found under, whoever presses, and whatever the filter is by then.
func TestFilterIsTheAnswers(t *testing.T) {
	k := newTalk(t, nil).in(group)
	k.say("/place 临江")
	r := k.say("临江区2025年有什么计划？")
	k.user.ID = neighbour
	if turned := k.press(r, "更多来源 ›"); !hasButton(turned, "清除范围") {
		t.Errorf("the neighbour turns the page:\n%s", shape(turned))
	}
	offered := k.press(r, "相关问题")
	if again := k.pressData(buttons(offered)[0].Data); !strings.Contains(text(again), "范围：临江区") || !hasButton(again, "清除范围") {
		t.Errorf("a related question, found under the filter:\n%s", shape(again))
	}
	open := k.say("临江区2025年有什么计划？")
	k.say("/place 松岭")
	if turned := k.press(open, "更多来源 ›"); hasButton(turned, "清除范围") {
		t.Errorf("an answer without a filter, after one was set:\n%s", shape(turned))
	}
	if liked := k.press(open, "👍"); hasButton(liked, "清除范围") || !hasButton(liked, "✓ 👍") {
		t.Errorf("the same, 👍:\n%s", shape(liked))
	}
}

// TestSearchUnderAFilter: each page says so, and has a button to clear it; so does
// the line that nothing was found.
func TestSearchUnderAFilter(t *testing.T) {
	k := newTalk(t, nil)
	k.say("/place 临江")
	r := k.say("/search 养老")
	for _, next := range []string{"›", "新的在前", "›", ""} {
		if !strings.Contains(text(r), "范围：临江区") || !hasButton(r, "清除范围") {
			t.Errorf("before %q:\n%s", next, shape(r))
		}
		if next != "" {
			r = k.press(r, next)
		}
	}
	k.say("/period 1990")
	none := k.say("/search 养老")
	if !strings.Contains(text(none), "没有找到") || !hasButton(none, "清除范围") {
		t.Errorf("nothing found:\n%s", shape(none))
	}
	k.press(none, "清除范围")
	if r := k.say("/search 养老"); strings.Contains(text(r), "范围：") || hasButton(r, "清除范围") {
		t.Errorf("without a filter:\n%s", shape(r))
	}
}

// TestSourcesKeepTheirButtons turns pages under what /sources has listed.
func TestSourcesKeepTheirButtons(t *testing.T) {
	k := newTalk(t, nil)
	k.say("临江区2025年有什么计划？")
	r := k.say("/sources")
	for _, name := range []string{"更多来源 ›", "‹"} {
		if r = k.press(r, name); hasButton(r, "👍") || hasButton(r, "相关问题") || len(r.Messages[0].Buttons) != 1 {
			t.Errorf("%s:\n%s", name, shape(r))
		}
	}
}

// TestPressInAMovedGroup presses a button of the group's time under its former ID.
func TestPressInAMovedGroup(t *testing.T) {
	const moved = -1005000
	k := newTalk(t, nil).in(group)
	r := k.say(bedsQuestion)
	k.handle(k.event(bot.Event{Kind: bot.EventMoved, MovedTo: moved}))
	if view := k.press(r, "[1]"); isStale(view) || !strings.Contains(text(view), "320张") {
		t.Errorf("[1] with the former ID: %s", shape(view))
	}
	id := strings.Split(data(t, r, "[1]"), ":")[1]
	if view := k.pressData("v:" + id + ":1"); len(view.Messages) != 1 || view.Messages[0].Replace != 0 {
		t.Errorf("it replaces a message of another chat: %s", shape(view))
	}
	if liked := k.press(r, "👍"); liked.Toast == "" || isStale(liked) || len(liked.Messages) > 0 {
		t.Errorf("👍 with the former ID: %s", shape(liked))
	}
	k.pressData(buttons(k.press(r, "相关问题"))[0].Data)
	if n := len(k.sessionOf(bot.Event{User: k.user, Chat: bot.Chat{ID: moved}}).Turns); n != 2 {
		t.Errorf("%d turns in the group as it is now", n)
	}
	if view := k.in(-6000).press(r, "[1]"); !isStale(view) {
		t.Errorf("[1] from a third group: %s", shape(view))
	}
}

// TestTopic presses a button of a topic under a message of which the transport does
// not know the topic any more.
func TestTopic(t *testing.T) {
	k := newTalk(t, nil).in(group)
	k.chat.Thread = 5
	r := k.say(bedsQuestion)
	related := buttons(k.press(r, "相关问题"))[0].Data
	k.chat.Thread = 0
	k.pressData(related)
	for thread, want := range map[int]int{5: 2, 0: 0} {
		e := bot.Event{User: k.user, Chat: bot.Chat{ID: group, Thread: thread}}
		if n := len(k.sessionOf(e).Turns); n != want {
			t.Errorf("%d turns in topic %d, want %d", n, thread, want)
		}
	}
}

// TestUnknownCommands: in a group a command that there is not is another bot's,
// unless it carries this one's name.
func TestUnknownCommands(t *testing.T) {
	for _, closed := range []bool{false, true} {
		k := newTalk(t, nil)
		if err := k.store.SetMaintenance(t.Context(), closed); err != nil {
			t.Fatal(err)
		}
		k.in(group)
		for _, line := range []string{"/weather", "/weather 云泽", "/stats", "/reload"} {
			if r := k.say(line); text(r) != "" {
				t.Errorf("closed: %v, %s in a group: %s", closed, line, shape(r))
			}
			e := k.event(written(line))
			e.Named = true
			if r := k.handle(e); !strings.Contains(text(r), map[bool]string{false: "没有这个命令", true: "正在维护"}[closed]) {
				t.Errorf("closed: %v, %s with the bot's name: %s", closed, line, shape(r))
			}
		}
		if r := k.say("/help"); (closed && !strings.Contains(text(r), "正在维护")) || text(r) == "" {
			t.Errorf("closed: %v, /help: %s", closed, shape(r))
		}
		if len(k.meter.refused) > 0 && !closed {
			t.Errorf("refused %q", k.meter.refused)
		}
	}
}

// TestWithoutAPerson has an anonymous admin and a channel take part: they go by the
// IDs of the group and of the channel, and have what any user has.
func TestWithoutAPerson(t *testing.T) {
	for name, id := range map[string]int64{"an anonymous admin": group, "a channel": -1007777} {
		t.Run(name, func(t *testing.T) {
			k := newTalk(t, func(o *bot.Options) { o.Admins = []int64{admin} }).in(group)
			k.user = bot.User{ID: id}
			r := k.say(bedsQuestion)
			if r := k.say("江滨新区呢？"); !strings.Contains(text(r), "260张") {
				t.Errorf("a follow-up: %s", shape(r))
			}
			if r := k.say("/stats"); text(r) != "" {
				t.Errorf("/stats: %s", shape(r))
			}
			k.user.ID = resident // buttons are pressed by people
			if r := k.press(r, "👍"); r.Toast == "" || len(r.Messages) > 0 {
				t.Errorf("👍 by a person: %s", shape(r))
			}
			k.user.ID = id
			k.say("/forget")
			if s := k.sessionOf(k.event(bot.Event{})); len(s.Turns) > 0 {
				t.Errorf("after /forget: %+v", s)
			}
			if good, bad, err := k.store.Opinions(t.Context()); good+bad != 0 || err != nil {
				t.Errorf("opinions of what was forgotten: %d, %d, %v", good, bad, err)
			}
		})
	}
}

// TestReply: a reply to an answer asks after that one, whoever was answered, and
// whatever was talked of since.
func TestReply(t *testing.T) {
	k := newTalk(t, nil).in(group)
	reply := func(to bot.Reply, line string) bot.Reply {
		t.Helper()
		e := k.event(written(line))
		e.Replied = buttons(to)[0].Data
		return k.handle(e)
	}
	k.say("松岭县有什么医院")
	k.user.ID = neighbour
	k.say(bedsQuestion)
	theirs := k.say("那松岭县呢？") // which is kept as it was made to stand alone
	k.user.ID = resident
	if r := k.say("江滨新区呢？"); strings.Contains(text(r), "260张") {
		t.Fatalf("without a reply: %s", shape(r))
	}
	beds := reply(theirs, "江滨新区呢？")
	if !strings.Contains(text(beds), "260张") {
		t.Errorf("a reply to the neighbour's answer: %s", shape(beds))
	}
	k.say("松岭县有什么医院")
	if r := reply(beds, "那临江区呢？"); !strings.Contains(text(r), "320张") {
		t.Errorf("a reply to an own answer before the last: %s", shape(r))
	}
	k.user.ID = neighbour
	view := k.press(theirs, "[1]")
	if r := reply(view, "临江区呢？"); !strings.Contains(text(r), "320张") {
		t.Errorf("a reply to a source of the answer: %s", shape(r))
	}
	for _, data := range []string{"c:", "s:aaaaaaaaaaaaa:1", "nonsense"} {
		e := k.event(written(bedsQuestion))
		e.Replied = data
		if r := k.handle(e); !strings.Contains(text(r), "320张") {
			t.Errorf("a reply to something with %q: %s", data, shape(r))
		}
	}
}
