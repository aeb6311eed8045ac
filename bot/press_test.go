package bot_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"wenbao/bot"
	"wenbao/corpus/library"
	"wenbao/rag"
)

// isStale reports whether a reply says that a button has had its time.
func isStale(r bot.Reply) bool {
	return len(r.Messages) == 0 && r.Alert && (strings.Contains(r.Toast, "过期") || strings.Contains(r.Toast, "不在了"))
}

// allData are the buttons that belong to an answer, of every kind there is.
func allData(t *testing.T, k *talk) []string {
	t.Helper()
	r := k.say("临江区2025年有什么计划？")
	found := k.say("/search 养老")
	id := strings.Split(data(t, r, "[1]"), ":")[1]
	return []string{
		data(t, r, "[1]"), "v:" + id + ":1", "x:" + id + ":1", data(t, r, "更多来源 ›"), data(t, r, "👍"), data(t, r, "相关问题"),
		buttons(k.press(r, "相关问题"))[0].Data, "n:" + id, data(t, found, "›"), data(t, found, "新的在前"), data(t, found, "1"),
	}
}

func TestButtonsWorkAfterARestart(t *testing.T) {
	k := newTalk(t, nil)
	pressed := allData(t, k)
	again := newTalk(t, func(o *bot.Options) { o.Store = k.store })
	again.next = k.next
	for _, d := range pressed {
		if r := again.pressData(d); isStale(r) || len(r.Messages) == 0 {
			t.Errorf("%s after a restart: %s", d, shape(r))
		}
	}
}

func TestButtonsOfOthersAndOfThePast(t *testing.T) {
	k := newTalk(t, nil)
	pressed := allData(t, k)
	k.in(group)
	for _, d := range pressed {
		if r := k.pressData(d); !isStale(r) {
			t.Errorf("%s in another chat: %s", d, shape(r))
		}
	}
	k.as(resident)
	for _, d := range []string{"", "s", "s:", "s:x:1", "z:aaaaaaaaaaaaa:1", "q:aaaaaaaaaaaaa:1", "p:月球", "y:昨天", "y:99", "d:1001:y", "\x00"} {
		if r := k.pressData(d); !isStale(r) {
			t.Errorf("%q: %s", d, shape(r))
		}
	}
	id := strings.Split(pressed[0], ":")[1]
	for _, d := range []string{"s:" + id + ":11", "v:" + id + ":999", "q:" + id + ":4", "k:" + id + ":3:0", "o:" + id + ":3:+", "l:" + id + ":9:s"} {
		if r := k.pressData(d); !isStale(r) {
			t.Errorf("%s, beyond the end: %s", d, shape(r))
		}
	}
	if err := k.store.Forget(t.Context(), resident); err != nil {
		t.Fatal(err)
	}
	for _, d := range pressed {
		if r := k.pressData(d); !isStale(r) {
			t.Errorf("%s after all was forgotten: %s", d, shape(r))
		}
	}
}

// TestReload gives the library another content while buttons of the old one are
// about.
func TestReload(t *testing.T) {
	k := newTalk(t, nil)
	pressed := allData(t, k)
	var records []library.Record
	for r, err := range sample(t).Index.Articles(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, *r)
	}
	same, err := collect(records)
	if err != nil {
		t.Fatal(err)
	}
	k.shelf.now = same
	for _, d := range pressed {
		if r := k.pressData(d); isStale(r) {
			t.Errorf("%s over a library that has all: %s", d, shape(r))
		}
	}
	k.shelf.now = nothing(t)
	for _, d := range pressed {
		r := k.pressData(d)
		if showsPassages := strings.ContainsAny(d[:1], "svxl"); showsPassages && !isStale(r) {
			t.Errorf("%s over an empty library: %s", d, shape(r))
		}
	}
}

func TestWalk(t *testing.T) {
	k := newTalk(t, nil)
	answer := k.say("临江区2025年有什么计划？")
	view := k.press(answer, "[1]")
	if view.Messages[0].Replace != 0 {
		t.Error("the first view takes the place of the answer")
	}
	var seen []string
	for {
		seen = append(seen, strings.SplitN(text(view), " ", 2)[0])
		if !slices.ContainsFunc(buttons(view), func(b bot.Button) bool { return b.Text == "›" }) {
			break
		}
		view = k.press(view, "›")
		if view.Messages[0].Replace != 77 {
			t.Error("the next view is a new message")
		}
	}
	if want := []string{"[1]", "[2]", "[3]", "[4]", "[5]", "[6]"}; !slices.Equal(seen, want) {
		t.Errorf("walked through %q", seen)
	}
	folded := k.press(view, "收起")
	if unfolded := k.press(folded, "展开"); !reflect.DeepEqual(unfolded, view) {
		t.Errorf("folded and unfolded:\n%s\nbefore\n%s", shape(unfolded), shape(view))
	}
}

// TestPassageIsExact: what is shown as the passage is the passage.
func TestPassageIsExact(t *testing.T) {
	k := newTalk(t, nil)
	answer := k.say(bedsQuestion)
	cited := k.meter.answers[0].Citations[0]
	view := k.press(answer, "[1]")
	var quote string
	for _, b := range view.Messages[0].Blocks {
		if b.Quote {
			for _, p := range b.Pieces {
				for _, r := range p {
					quote += r.Text
					if r.Style == bot.Bold && r.Text != cited.Quote {
						t.Errorf("bold is %q", r.Text)
					}
				}
			}
		}
	}
	if quote != cited.Passage.Text {
		t.Errorf("shown is %q, printed was %q", quote, cited.Passage.Text)
	}
}

func TestOpinions(t *testing.T) {
	k := newTalk(t, nil)
	counts := func(good, bad int) {
		t.Helper()
		if g, b, err := k.store.Opinions(t.Context()); g != good || b != bad || err != nil {
			t.Errorf("opinions are %d, %d, %v; want %d, %d", g, b, err, good, bad)
		}
	}
	k.in(group)
	r := k.say(bedsQuestion)
	good := k.press(r, "👍")
	counts(1, 0)
	if len(good.Messages[0].Blocks) > 0 || good.Messages[0].Replace != 77 {
		t.Errorf("a press changes more than the buttons: %s", shape(good))
	}
	bad := k.press(good, "👎")
	counts(0, 1)
	if data(t, bad, "✓ 👎") == "" || good.Toast == "" {
		t.Error("the choice is not marked")
	}
	k.user.ID = neighbour
	if r := k.press(bad, "👍"); len(r.Messages) > 0 || r.Toast == "" {
		t.Errorf("another's opinion changes the asker's mark: %s", shape(r))
	}
	counts(1, 1)
}

// TestRelated: what is suggested has an answer, in words that were not cited.
func TestRelated(t *testing.T) {
	for _, q := range []string{bedsQuestion, "临江区2025年有什么计划？", "松岭县有什么医院", "北京市有什么计划", "你好"} {
		k := newTalk(t, nil)
		r := k.say(q)
		cited := map[string]bool{}
		for _, c := range k.meter.answers[0].Citations {
			cited[c.Passage.ID] = true
		}
		name := "相关问题"
		if k.meter.answers[0].Outcome != "answered" {
			name = "可以问什么"
		}
		suggested := k.press(r, name)
		if n := len(buttons(suggested)); n == 0 || n > 3 {
			t.Errorf("%s: %d questions are suggested", q, n)
		}
		if again := k.press(r, name); !reflect.DeepEqual(again, suggested) {
			t.Errorf("%s: other questions the second time", q)
		}
		for _, b := range buttons(suggested) {
			answer := k.pressData(b.Data)
			last := k.meter.answers[len(k.meter.answers)-1]
			if last.Outcome != "answered" || !strings.Contains(text(answer), b.Text) {
				t.Errorf("%s suggests %s:\n%s", q, b.Text, shape(answer))
			}
			anew := false
			for _, c := range last.Citations {
				anew = anew || !cited[c.Passage.ID]
			}
			if !anew {
				t.Errorf("%s suggests %s, which cites nothing new", q, b.Text)
			}
		}
	}
}

// TestRelatedReadsWell: what is suggested is a question that can be read without
// those before it, in one piece.
func TestRelatedReadsWell(t *testing.T) {
	for _, tt := range []struct {
		asked []string
		want  string // is among those suggested
	}{
		{[]string{"临江区2025年计划新增多少张养老床位？", "那江滨新区呢？"}, "松岭县2025年计划新增多少张养老床位？"},
		{[]string{"临江区2025年计划新增多少张养老床位？", "那江滨新区呢？"}, "江滨新区2024年新增养老床位有什么进展？"},
		{[]string{"松岭县的公路"}, "云泽市的公路有什么进展？"},
		{[]string{"云泽市2024年打通了多少条断头路"}, "临江区2024年打通了多少条断头路？"},
		{[]string{"新增学位多少个？", "松岭县呢"}, "松岭县2025年新增学位有什么计划？"},
		{[]string{"临江区的地铁什么时候通车？"}, "临江区2025年有什么计划？"},
	} {
		k := newTalk(t, nil)
		var r bot.Reply
		for _, q := range tt.asked {
			r = k.say(q)
		}
		name := "相关问题"
		if k.meter.answers[len(k.meter.answers)-1].Outcome != rag.Answered {
			name = "可以问什么"
		}
		var suggested []string
		for _, b := range buttons(k.press(r, name)) {
			suggested = append(suggested, b.Text)
			if strings.ContainsAny(b.Text, " 　") || strings.HasPrefix(b.Text, "那") || strings.HasSuffix(b.Text, "呢？") || !strings.HasSuffix(b.Text, "？") {
				t.Errorf("%q suggests %q", tt.asked, b.Text)
			}
		}
		if !slices.Contains(suggested, tt.want) {
			t.Errorf("%q suggests %q, and not %q", tt.asked, suggested, tt.want)
		}
	}
}

func FuzzPress(f *testing.F) {
	for _, s := range []string{
		"s:aaaaaaaaaaaaa:1", "v:aaaaaaaaaaaaa:2", "x:aaaaaaaaaaaaa:3", "k:aaaaaaaaaaaaa:2:0", "k:aaaaaaaaaaaaa:1:=", "o:aaaaaaaaaaaaa:1:=", "o:aaaaaaaaaaaaa:1:+", "l:aaaaaaaaaaaaa:3:d",
		"r:aaaaaaaaaaaaa", "q:aaaaaaaaaaaaa:3", "n:aaaaaaaaaaaaa", "p:临江区", "p:", "y:2025", "y:", "c:",
		"s:aaaaaaaaaaaaa:01", "s:aaaaaaaaaaaaa:+1", "d:1001:y", "c:x", ":", "s::1", "k:aaaaaaaaaaaaa:1:+:0",
	} {
		f.Add(s)
	}
	k := newTalk(f, nil)
	f.Fuzz(func(t *testing.T, s string) {
		again, ok := bot.ParsePress(s)
		if ok && (again != s || len(s) > bot.MaxData) {
			t.Errorf("%q is read as %q", s, again)
		}
		k.t = t
		e := k.event(bot.Event{Kind: bot.EventPress, Data: s, Message: 1})
		r, err := k.bot.Handle(t.Context(), e, nil)
		if err != nil {
			t.Fatal(err)
		}
		checkReply(t, r)
		if !ok && !isStale(r) {
			t.Errorf("%q, which is nothing: %s", s, shape(r))
		}
	})
}
