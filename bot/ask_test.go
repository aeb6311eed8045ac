package bot_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"wenbao/bot"
	"wenbao/rag"
)

// pen is a rag.Streamer that writes what tests tell it.
type pen struct {
	rag.Answerer // answers without being streamed
	pieces       []string
	// wait, where set, is called after each piece was told.
	wait func(ctx context.Context, told int) error
	err  error
	mu   sync.Mutex
	asks []rag.Query
}

const penName = "test:pen"

// Stream tells the pieces and signs the printed answer.
func (p *pen) Stream(ctx context.Context, q rag.Query, hits []rag.Hit, tell func(string) error) (rag.Answer, error) {
	p.mu.Lock()
	p.asks = append(p.asks, q)
	p.mu.Unlock()
	for i, piece := range p.pieces {
		if err := tell(piece); err != nil {
			return rag.Answer{}, err
		}
		if p.wait == nil {
			continue
		}
		if err := p.wait(ctx, i+1); err != nil {
			return rag.Answer{}, err
		}
	}
	if p.err != nil {
		return rag.Answer{}, p.err
	}
	a, err := p.Answer(ctx, q, hits)
	if a.Outcome == rag.Answered {
		a.Mode, a.Model, a.Removed = rag.Generative, penName, 1
	}
	return a, err
}

// asked are the questions that reached the model.
func (p *pen) asked() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.asks)
}

// withPen puts a model into a talk.
func withPen(k *talk, p *pen) {
	c := *k.shelf.now
	p.Answerer = c.Printed.Answerer
	engine := *c.Printed
	engine.Answerer = p
	c.Engine, c.Model = &engine, penName
	k.shelf.now = &c
}

const bedsQuestion = "临江区2024年新增养老床位多少张？"

func TestNewNeedsItsParts(t *testing.T) {
	k := newTalk(t, nil)
	whole := bot.Options{Library: k.shelf, Store: k.store, Meter: k.meter}
	if _, err := bot.New(whole); err != nil {
		t.Error(err)
	}
	for name, without := range map[string]func(*bot.Options){
		"library": func(o *bot.Options) { o.Library = nil },
		"store":   func(o *bot.Options) { o.Store = nil },
		"meter":   func(o *bot.Options) { o.Meter = nil },
	} {
		o := whole
		without(&o)
		if _, err := bot.New(o); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

func TestAnswerHasItsSources(t *testing.T) {
	k := newTalk(t, nil)
	r := k.say(bedsQuestion)
	if len(k.shown) > 0 {
		t.Error("an answer that takes no time was shown before")
	}
	if len(r.Messages) != 1 || r.Messages[0].Replace != 0 {
		t.Fatalf("%+v", r)
	}
	last := r.Messages[0].Blocks[len(r.Messages[0].Blocks)-1]
	if !last.Quote || !last.Folded || len(last.Pieces) != 1 {
		t.Errorf("sources are %+v", last)
	}
	for _, want := range []string{"320张", "[1]", "《提神鼓劲再登高", "云泽日报 2024-12-31 第3版", "民生答卷温暖厚重", "成果", "“新增养老床位320张”"} {
		if !strings.Contains(text(r), want) {
			t.Errorf("no %q in\n%s", want, shape(r))
		}
	}
	if len(k.meter.answers) != 1 || k.meter.answers[0].Outcome != rag.Answered {
		t.Errorf("counted %d answers", len(k.meter.answers))
	}
}

func TestRefusalSaysWhatThereIs(t *testing.T) {
	k := newTalk(t, nil)
	r := k.say("北京市有什么计划？")
	for _, block := range r.Messages[0].Blocks {
		if block.Quote {
			t.Errorf("a refusal with sources: %s", shape(r))
		}
	}
	for _, want := range []string{"18 篇", "云泽日报", "松岭县", "2024-12-31 至 2025-01-15"} {
		if !strings.Contains(text(r), want) {
			t.Errorf("no %q in %s", want, text(r))
		}
	}
	empty := newTalk(t, nil)
	empty.shelf.now = nothing(t)
	for _, q := range []string{bedsQuestion, "/start", "/search 养老", "/place", "/period", "/verify 新增养老床位", "/show abcd", "/sources"} {
		if r := empty.say(q); text(r) == "" {
			t.Errorf("%s over nothing: nothing", q)
		}
	}
}

// TestNearestIsCited: a refusal that quotes what comes nearest cites it as an answer
// does, and says what is covered in a line.
func TestNearestIsCited(t *testing.T) {
	k := newTalk(t, nil)
	r := k.say("临江区2023年新增养老床位多少张？")
	a := k.meter.answers[0]
	if a.Outcome != rag.NoEvidence || !strings.Contains(a.Text, "没有找到") || !strings.Contains(a.Text, "[1]") {
		t.Fatalf("outcome %s: %s", a.Outcome, a.Text)
	}
	last := r.Messages[0].Blocks[len(r.Messages[0].Blocks)-1]
	if !last.Quote || !strings.Contains(text(r), "云泽日报 2024-12-31 第3版") || !hasButton(r, "[1]") {
		t.Errorf("%s", shape(r))
	}
}

func TestFollowUp(t *testing.T) {
	k := newTalk(t, nil)
	k.say(bedsQuestion)
	if r := k.say("江滨新区呢？"); !strings.Contains(text(r), "260张") {
		t.Errorf("江滨新区呢: %s", text(r))
	}
	t.Run("another user in the group has another history", func(t *testing.T) {
		k := newTalk(t, nil).in(group)
		k.say(bedsQuestion)
		k.user.ID = neighbour
		if r := k.say("江滨新区呢？"); strings.Contains(text(r), "260张") {
			t.Errorf("the neighbour's 江滨新区呢: %s", text(r))
		}
	})
	t.Run("after a day it is another talk", func(t *testing.T) {
		k := newTalk(t, nil)
		k.say(bedsQuestion)
		k.now = k.now.Add(25 * time.Hour)
		if r := k.say("江滨新区呢？"); strings.Contains(text(r), "260张") {
			t.Errorf("a day later: %s", text(r))
		}
	})
	t.Run("reset", func(t *testing.T) {
		k := newTalk(t, nil)
		k.say(bedsQuestion)
		k.say("/reset")
		if r := k.say("江滨新区呢？"); strings.Contains(text(r), "260张") {
			t.Errorf("after /reset: %s", text(r))
		}
	})
	t.Run("small talk in between", func(t *testing.T) {
		k := newTalk(t, nil)
		k.say(bedsQuestion)
		k.say("谢谢")
		if r := k.say("江滨新区呢？"); !strings.Contains(text(r), "260张") {
			t.Errorf("after 谢谢: %s", text(r))
		}
	})
}

// TestHandledAgain has every event of a talk handled twice, as after a crash: the
// reply is the same, and the second time leaves no trace.
func TestHandledAgain(t *testing.T) {
	k := newTalk(t, nil)
	var last bot.Event
	for _, line := range []string{bedsQuestion, "江滨新区呢？", "/search 养老", "/place 临江", "它有什么计划？"} {
		last = k.event(written(line))
		first := k.handle(last)
		once := k.sessionOf(last)
		again := k.handle(last)
		if !reflect.DeepEqual(first, again) {
			t.Errorf("%s again:\n%s\nafter\n%s", line, shape(again), shape(first))
		}
		if twice := k.sessionOf(last); !reflect.DeepEqual(once, twice) {
			t.Errorf("%s again left a trace: %+v after %+v", line, twice, once)
		}
	}
	if n := len(k.sessionOf(last).Turns); n != 3 {
		t.Errorf("%d turns, want the three questions", n)
	}
	liked := k.event(bot.Event{Kind: bot.EventPress, Data: data(t, k.say(bedsQuestion), "👍")})
	k.handle(liked)
	k.handle(liked)
	if good, bad, err := k.store.Opinions(t.Context()); good != 1 || bad != 0 || err != nil {
		t.Errorf("opinions are %d, %d, %v", good, bad, err)
	}
}

func (k *talk) sessionOf(e bot.Event) bot.Session {
	k.t.Helper()
	s, err := k.store.Session(context.Background(), e.Key())
	if err != nil {
		k.t.Fatal(err)
	}
	return s
}

func TestTurnsAreBounded(t *testing.T) {
	k := newTalk(t, nil)
	for range 14 {
		k.say("松岭县有什么医院")
	}
	if n := len(k.sessionOf(k.event(bot.Event{})).Turns); n != 10 {
		t.Errorf("%d turns are kept", n)
	}
}

func TestStreaming(t *testing.T) {
	k := newTalk(t, nil)
	withPen(k, &pen{pieces: []string{"临江区2024年", "新增养老床位320张[1]。"}})
	r := k.say(bedsQuestion)
	var shown []string
	for _, m := range k.shown {
		shown = append(shown, strings.TrimSpace(messageText(m)))
	}
	if want := []string{"临江区2024年", "临江区2024年新增养老床位320张[1]。"}; !slices.Equal(shown, want) {
		t.Errorf("shown %q", shown)
	}
	if !strings.Contains(text(r), "320张") || !strings.Contains(text(r), penName) || !strings.Contains(text(r), "去掉了 1 句") {
		t.Errorf("the model's answer:\n%s", shape(r))
	}
}

func TestEngineFails(t *testing.T) {
	k := newTalk(t, nil)
	withPen(k, &pen{err: errors.New("pq: secret DSN at 10.0.0.1")})
	r := k.say(bedsQuestion)
	if strings.Contains(text(r), "secret") || !strings.Contains(text(r), "编号 1") {
		t.Errorf("a fault is told as %q", text(r))
	}
	c := *sample(t)
	c.Engine, c.Printed = broken(), broken()
	k.shelf.now = &c
	for _, line := range []string{"问", "/search 问"} {
		if r := k.say(line); strings.Contains(text(r), "fire") || !strings.Contains(text(r), "出了点问题") {
			t.Errorf("%s: %q", line, text(r))
		}
	}
	if r := k.inline("问", ""); r.Inline == nil || r.Inline.Hint == "" || len(r.Inline.Results) > 0 {
		t.Errorf("inline: %s", shape(r))
	}
}

func TestModelPerDay(t *testing.T) {
	p := &pen{pieces: []string{"……"}}
	k := newTalk(t, func(o *bot.Options) { o.Limits.ModelPerDay = 2 })
	withPen(k, p)
	for i, want := range []bool{true, true, false, false} {
		before := p.asked()
		r := k.say(bedsQuestion)
		if asked := p.asked() > before; asked != want || strings.Contains(text(r), "用完了") == want || !strings.Contains(text(r), "320张") {
			t.Errorf("question %d: model asked: %v\n%s", i+1, asked, text(r))
		}
	}
	if want := []string{"quota", "quota"}; !slices.Equal(k.meter.refused, want) {
		t.Errorf("refused %q", k.meter.refused)
	}
	k.as(neighbour).say(bedsQuestion)
	k.as(resident).now = k.now.Add(24 * time.Hour)
	k.say(bedsQuestion)
	k.as(admin)
	for range 3 {
		k.say(bedsQuestion)
	}
	if n := p.asked(); n != 7 {
		t.Errorf("the model was asked %d times, want 2 + the neighbour's 1 + the next day's 1 + the admin's 3", n)
	}
}

// TestModelPerDayHandledAgain handles each event twice, as after a crash: it takes
// from the allowance once.
func TestModelPerDayHandledAgain(t *testing.T) {
	p := &pen{pieces: []string{"……"}}
	k := newTalk(t, func(o *bot.Options) { o.Limits.ModelPerDay = 2 })
	withPen(k, p)
	for i, want := range []bool{true, true, false} {
		e := k.event(written(bedsQuestion))
		for range 2 {
			before := p.asked()
			if r := k.handle(e); p.asked() > before != want || strings.Contains(text(r), "用完了") == want {
				t.Errorf("question %d: %s", i+1, shape(r))
			}
		}
	}
}

// TestSmallTalkCostsNothing: no model is asked for it.
func TestSmallTalkCostsNothing(t *testing.T) {
	p := &pen{pieces: []string{"……"}}
	k := newTalk(t, func(o *bot.Options) { o.Limits.ModelPerDay = 1 })
	withPen(k, p)
	k.say("你好")
	k.say(bedsQuestion)
	if p.asked() != 1 {
		t.Errorf("the model was asked %d times", p.asked())
	}
}

func TestTooLong(t *testing.T) {
	k := newTalk(t, func(o *bot.Options) { o.Limits.Question = 20 })
	if r := k.say(strings.Repeat("长", 21)); !strings.Contains(text(r), "20") || len(k.meter.answers) > 0 {
		t.Errorf("21 characters: %s", text(r))
	}
	k.say(strings.Repeat("长", 20))
	if len(k.meter.answers) != 1 {
		t.Error("20 characters were refused")
	}
	if r := k.inline(strings.Repeat("长", 21), ""); r.Inline == nil || r.Inline.Hint == "" {
		t.Errorf("inline: %s", shape(r))
	}
	for _, command := range []string{"/ask ", "/search ", "/verify "} {
		if r := k.say(command + strings.Repeat("长", 21)); !strings.Contains(text(r), "缩短到 20 个字") {
			t.Errorf("%s: %s", command, text(r))
		}
		if r := k.say(command + strings.Repeat("长", 20)); strings.Contains(text(r), "缩短") {
			t.Errorf("%s with 20 characters: %s", command, text(r))
		}
	}
	if want := []string{"long", "long", "long", "long", "long"}; !slices.Equal(k.meter.refused, want) {
		t.Errorf("refused %q", k.meter.refused)
	}
}

func TestLanguage(t *testing.T) {
	for lang, want := range map[string]string{"": "范围", "zh-hans": "范围", "zh-TW": "范围", "en": "limits", "de": "limits"} {
		k := newTalk(t, nil)
		k.user.Lang = lang
		if r := k.say("/place"); !strings.Contains(text(r), want) {
			t.Errorf("%q: %s", lang, text(r))
		}
	}
	k := newTalk(t, nil)
	k.say("/lang en")
	if r := k.inline("", ""); !strings.Contains(text(r), "Type") {
		t.Errorf("inline after /lang en: %s", text(r))
	}
}

// TestBusyAndFailed wants a reply in the form that each kind of event can have.
func TestBusyAndFailed(t *testing.T) {
	k := newTalk(t, nil)
	for name, reply := range map[string]func(bot.Event) bot.Reply{"busy": k.bot.Busy, "failed": k.bot.Failed} {
		for _, kind := range []bot.EventKind{bot.EventText, bot.EventMedia, bot.EventDocument} {
			if r := reply(bot.Event{Kind: kind}); len(r.Messages) != 1 || text(r) == "" {
				t.Errorf("%s, %s: %+v", name, kind, r)
			}
		}
		if r := reply(bot.Event{Kind: bot.EventPress}); r.Toast == "" || len(r.Messages) > 0 {
			t.Errorf("%s, press: %+v", name, r)
		}
		if r := reply(bot.Event{Kind: bot.EventInline}); r.Inline == nil || r.Inline.Hint == "" {
			t.Errorf("%s, inline: %+v", name, r)
		}
		for _, kind := range []bot.EventKind{bot.EventGone, bot.EventMoved, bot.EventJoined} {
			if r := reply(bot.Event{Kind: kind}); !reflect.DeepEqual(r, bot.Reply{}) {
				t.Errorf("%s, %s: %+v", name, kind, r)
			}
		}
	}
	if zh, en := text(k.bot.Busy(bot.Event{Kind: bot.EventText})), text(k.bot.Busy(bot.Event{Kind: bot.EventText, User: bot.User{Lang: "en"}})); zh == en {
		t.Errorf("busy in both languages: %s", zh)
	}
}

// TestBesideInTheChatsLanguage: what is not handled is answered in the language that
// was set, if that can be read.
func TestBesideInTheChatsLanguage(t *testing.T) {
	k := newTalk(t, nil)
	k.say("/lang en")
	e := k.event(written(bedsQuestion))
	if r := k.bot.Busy(e); !strings.Contains(text(r), "again later") {
		t.Errorf("busy: %s", shape(r))
	}
	if r := k.bot.Failed(e); !strings.Contains(text(r), "went wrong") {
		t.Errorf("failed: %s", shape(r))
	}
	k = newTalk(t, func(o *bot.Options) { o.Store = mine{} })
	if r := k.bot.Failed(e); !strings.Contains(text(r), "出了点问题") {
		t.Errorf("failed, over a store that panics: %s", shape(r))
	}
}

// mine is a bot.Store that panics.
type mine struct{ bot.Store }

func (mine) Session(context.Context, bot.Key) (bot.Session, error) { panic("no") }

// TestAtOnce has many users ask at once, over one bot.
func TestAtOnce(t *testing.T) {
	k := newTalk(t, nil)
	var wg sync.WaitGroup
	for user := range int64(8) {
		wg.Go(func() {
			for i, line := range []string{bedsQuestion, "江滨新区呢？", "/search 养老", "/place 松岭", "有什么医院"} {
				e := written(line)
				e.ID, e.User, e.Chat = 100*user+int64(i), bot.User{ID: user}, bot.Chat{ID: user, Private: true}
				r, err := k.bot.Handle(t.Context(), e, nil)
				if err != nil || len(r.Messages) != 1 {
					t.Errorf("user %d, %s: %v, %s", user, line, err, shape(r))
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkAsk(b *testing.B) {
	k := newTalk(b, func(o *bot.Options) { o.Limits.UserPerMinute = -1 })
	for i := 0; b.Loop(); i++ {
		e := written(fmt.Sprintf("临江区%d年有什么计划？", 2024+i%2))
		e.ID, e.User, e.Chat = int64(i), bot.User{ID: int64(i % 500)}, bot.Chat{ID: int64(i % 500), Private: true}
		if _, err := k.bot.Handle(b.Context(), e, nil); err != nil {
			b.Fatal(err)
		}
	}
}
