package bot_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"wenbao/bot"
	"wenbao/corpus"
)

func TestPlace(t *testing.T) {
	for _, tt := range []struct {
		args string
		want []string // nil: nothing is changed
	}{
		{"临江区", []string{"临江区"}},
		{"临江", []string{"临江区"}},
		{"臨江區", []string{"临江区"}},
		{"松嶺、臨江", []string{"松岭县", "临江区"}},
		{"無", []string{}},
		{"松岭 临江", []string{"松岭县", "临江区"}},
		{"江滨、平阜县，临江区", []string{"江滨新区", "平阜县", "临江区"}},
		{"临江区 临江", []string{"临江区"}},
		{"柳溪镇", []string{"柳溪镇"}}, // named, though no article is about it
		{"月球", nil},
		{"临江区 月球", nil},
		{"不限", []string{}},
		{"全部", []string{}},
		{"ALL", []string{}},
		{"off", []string{}},
	} {
		k := newTalk(t, nil)
		k.say("/place 云泽市")
		r := k.say("/place " + tt.args)
		got := k.sessionOf(k.event(bot.Event{})).Places
		want := tt.want
		if want == nil {
			want = []string{"云泽市"}
		}
		if !slices.Equal(got, want) {
			t.Errorf("/place %s: the filter is %q (%s)", tt.args, got, text(r))
		}
		if refused := strings.Contains(text(r), "没有改"); refused != (tt.want == nil) {
			t.Errorf("/place %s: %s", tt.args, text(r))
		}
	}
}

func TestPlacesThatAreAlike(t *testing.T) {
	k := newTalk(t, nil)
	for asked, want := range map[string]string{"松林县": "松岭县", "平埠": "平阜县", "临江县": "临江区"} {
		if r := k.say("/place " + asked); !strings.Contains(text(r), want) {
			t.Errorf("/place %s: %s", asked, text(r))
		}
	}
}

func TestPeriod(t *testing.T) {
	for _, tt := range []struct {
		args string
		want corpus.Years // zero: refused
	}{
		{"2025", corpus.Years{From: 2025, To: 2025}},
		{"2025年", corpus.Years{From: 2025, To: 2025}},
		{"２０２５", corpus.Years{From: 2025, To: 2025}},
		{"2021-2025", corpus.Years{From: 2021, To: 2025}},
		{"2021—2025年", corpus.Years{From: 2021, To: 2025}},
		{"2021年到2025年", corpus.Years{From: 2021, To: 2025}},
		{"2021 至 2025", corpus.Years{From: 2021, To: 2025}},
		{"今年", corpus.Years{From: 2025, To: 2025}}, // as seen from the newest paper
		{"去年", corpus.Years{From: 2024, To: 2024}},
		{"“十五五”", corpus.Years{From: 2026, To: 2030}},
		{"2025-2021", corpus.Years{}},
		{"昨天", corpus.Years{}},
		{"1月13日", corpus.Years{}},
		{"99", corpus.Years{}},
		{"0000", corpus.Years{}},
		{"很久以前", corpus.Years{}},
	} {
		k := newTalk(t, nil)
		r := k.say("/period " + tt.args)
		if got := k.sessionOf(k.event(bot.Event{})).Years; got != tt.want {
			t.Errorf("/period %s: the filter is %v (%s)", tt.args, got, text(r))
		}
		if refused := strings.Contains(text(r), "看不出"); refused != tt.want.IsZero() {
			t.Errorf("/period %s: %s", tt.args, text(r))
		}
		if k.say("/period 不限"); !k.sessionOf(k.event(bot.Event{})).Years.IsZero() {
			t.Errorf("after /period 不限 it is still %s", tt.args)
		}
	}
}

func FuzzPeriod(f *testing.F) {
	for _, s := range []string{"2025", "2021-2025", "２０２１—２０２５年", "今年", "“十四五”", "9999-0001", "-", "不限", "2025-", "\xff"} {
		f.Add(s)
	}
	k := newTalk(f, nil)
	f.Fuzz(func(t *testing.T, s string) {
		k.t = t
		k.handle(k.event(bot.Event{Kind: bot.EventText, Command: "period", Text: s}))
		if y := k.sessionOf(k.event(bot.Event{})).Years; !y.IsZero() && (y.From < 1 || y.From > y.To || y.To > 9999) {
			t.Errorf("/period %q: %v", s, y)
		}
	})
}

// TestFilterHolds: nothing from outside the filter is cited, the filter is named,
// and can be cleared or gone round.
func TestFilterHolds(t *testing.T) {
	k := newTalk(t, nil)
	k.say("/place 松岭")
	k.say("/period 2024")
	r := k.say("新增了多少养老床位？")
	last := k.meter.answers[len(k.meter.answers)-1]
	for _, c := range last.Citations {
		f := c.Passage.Facets
		if !slices.Contains(append(slices.Clone(f.Places), f.Mentions...), "松岭县") || !f.Period.Has(2024) {
			t.Errorf("cited is %+v", f)
		}
	}
	if len(last.Citations) == 0 || !strings.Contains(text(r), "范围：松岭县 · 2024年") {
		t.Errorf("%s", shape(r))
	}
	if r := k.press(r, "清除范围"); !strings.Contains(r.Toast, "已清除") {
		t.Errorf("%s", shape(r))
	}
	if s := k.sessionOf(k.event(bot.Event{})); len(s.Places) > 0 || !s.Years.IsZero() {
		t.Errorf("cleared, it is %+v", s)
	}
}

// TestFilterInTheWay asks again without the filter, which stays.
func TestFilterInTheWay(t *testing.T) {
	const planned = "临江区2025年新增养老床位多少张？"
	k := newTalk(t, nil)
	k.say("/period 2024")
	r := k.say(planned)
	if !strings.Contains(text(r), "现在的范围是 2024年") || strings.Contains(text(r), "500张") {
		t.Errorf("%s", shape(r))
	}
	again := k.press(r, "去掉范围再问")
	if !strings.Contains(text(again), "500张") || !strings.Contains(text(again), "问："+planned) || strings.Contains(text(again), "范围") {
		t.Errorf("%s", shape(again))
	}
	if s := k.sessionOf(k.event(bot.Event{})); !s.Years.Has(2024) {
		t.Errorf("the filter is %v", s.Years)
	}
	t.Run("a follow-up is asked again as one", func(t *testing.T) {
		k := newTalk(t, nil)
		k.say(planned)
		k.say("/period 2024")
		refused := k.say("江滨新区呢？")
		k.say("县里有哪些民宿？")
		if r := k.press(refused, "去掉范围再问"); !strings.Contains(text(r), "400张") {
			t.Errorf("%s", shape(r))
		}
	})
}

func TestMovedGroup(t *testing.T) {
	k := newTalk(t, nil).in(group)
	r := k.say(bedsQuestion)
	if moved := k.handle(k.event(bot.Event{Kind: bot.EventMoved, MovedTo: -1005000})); text(moved) != "" {
		t.Errorf("moving: %s", shape(moved))
	}
	k.in(-1005000)
	if r := k.press(r, "[1]"); isStale(r) {
		t.Errorf("an old button in the new group: %s", shape(r))
	}
	if r := k.say("江滨新区呢？"); !strings.Contains(text(r), "260张") {
		t.Errorf("a follow-up in the new group: %s", text(r))
	}
}

func TestGoneSaysNothing(t *testing.T) {
	k := newTalk(t, nil)
	k.say(bedsQuestion)
	if r := k.handle(k.event(bot.Event{Kind: bot.EventGone})); !reflect.DeepEqual(r, bot.Reply{}) {
		t.Errorf("%s", shape(r))
	}
	if n := len(k.sessionOf(k.event(bot.Event{})).Turns); n != 1 {
		t.Errorf("%d turns are left", n)
	}
}

func TestMediaAndBareName(t *testing.T) {
	k := newTalk(t, nil)
	for _, e := range []bot.Event{{Kind: bot.EventMedia}, {Kind: bot.EventText}} {
		if r := k.handle(k.event(e)); len(r.Messages) != 1 || text(r) == "" {
			t.Errorf("%s: %s", e.Kind, shape(r))
		}
	}
}
