package bottest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wenbao/bot"
	"wenbao/corpus"
	"wenbao/rag"
)

// TestStore puts a store to what bot.Store says. Open gives an empty one, whose
// end it sees to itself.
func TestStore(t *testing.T, open func(t *testing.T) bot.Store) {
	tests := []struct {
		name string
		run  func(storeTest)
	}{
		{"session", testSession},
		{"session of nothing", testEmptySession},
		{"sessions apart", testSessionsApart},
		{"sessions at once", testSessionsAtOnce},
		{"sessions are copies", testSessionCopies},
		{"panic in a change", testPanic},
		{"answers", testAnswers},
		{"answers are copies", testAnswerCopies},
		{"answers change", testUpdateAnswer},
		{"opinions", testOpinions},
		{"opinions in full", testEachOpinion},
		{"opinions of what is gone", testOpinionsOfNothing},
		{"spending", testSpend},
		{"spending again", testSpendAgain},
		{"spending at once", testSpendAtOnce},
		{"maintenance", testMaintenance},
		{"forget", testForget},
		{"move", testMove},
		{"move onto a session", testMoveOnto},
		{"expire", testExpire},
		{"done context", testDoneContext},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.run(storeTest{t, open(t)}) })
	}
}

// storeTest is a test of an empty store.
type storeTest struct {
	*testing.T
	bot.Store
}

// storeNoon is when everything happens.
func storeNoon() time.Time { return time.Date(2025, 3, 4, 12, 0, 0, 5, time.UTC) }

// someSession is one with everything in it.
func someSession(text string) bot.Session {
	return bot.Session{
		Places: []string{"临江区", "松岭县"}, Years: corpus.Years{From: 2024, To: 2025}, Lang: "en",
		Turns: []bot.Turn{{
			Event: 7, Answer: "a7", At: storeNoon(),
			Turn: rag.Turn{Question: text, Answer: text + "[1]", Articles: []string{"x"}},
		}},
		Used: storeNoon(),
	}
}

func someAnswer(id string, k bot.Key, at time.Time) bot.Answer {
	return bot.Answer{
		ID: id, Key: k, Question: "沙湾街道呢?", Query: "沙湾街道的养老服务", Outcome: rag.Answered,
		Mode: rag.Extractive, Text: "有两处。[1]", Related: []string{"白塔镇呢?"}, At: at,
		Sources: []bot.Source{{N: 1, Passage: "p", Article: "x", Quote: "有两处。"}},
		Filter:  rag.Filter{Places: []string{"临江区"}, Years: corpus.Years{From: 2024, To: 2025}},
	}
}

// put replaces a session.
func (s storeTest) put(k bot.Key, to bot.Session) {
	s.Helper()
	s.check(s.UpdateSession(s.Context(), k, func(now *bot.Session) { *now = to }))
}

func (s storeTest) check(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s storeTest) equal(what string, got, want any) {
	s.Helper()
	if d := cmp.Diff(want, got); d != "" {
		s.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// wantSession asserts what a conversation stands at.
func (s storeTest) wantSession(k bot.Key, want bot.Session) {
	s.Helper()
	got, err := s.Session(s.Context(), k)
	s.check(err)
	s.equal(fmt.Sprintf("session of %+v", k), got, want)
}

// wantAnswers asserts which of the answers are kept.
func (s storeTest) wantAnswers(ids string, want string) {
	s.Helper()
	var kept []string
	for id := range strings.FieldsSeq(ids) {
		switch a, err := s.Answer(s.Context(), id); {
		case err == nil && a.ID == id:
			kept = append(kept, id)
		case !errors.Is(err, bot.ErrNotKept):
			s.Errorf("answer %s: %v, and the ID %q", id, err, a.ID)
		}
	}
	s.equal("answers kept", strings.Join(kept, " "), want)
}

func testSession(s storeTest) {
	k := bot.Key{User: 1, Chat: -2, Thread: 3}
	s.wantSession(k, bot.Session{})
	s.put(k, someSession("一"))
	s.wantSession(k, someSession("一"))
	s.check(s.UpdateSession(s.Context(), k, func(got *bot.Session) {
		s.equal("session to change", *got, someSession("一"))
		got.Lang = ""
		got.Used = storeNoon().Add(time.Hour)
	}))
	want := someSession("一")
	want.Lang = ""
	want.Used = storeNoon().Add(time.Hour)
	s.wantSession(k, want)
}

func testEmptySession(s storeTest) {
	k := bot.Key{User: 1, Chat: 1}
	full := someSession("一")
	for name, left := range map[string]bot.Session{
		"places": {Places: full.Places}, "years": {Years: full.Years},
		"lang": {Lang: full.Lang}, "turns": {Turns: full.Turns},
	} {
		left.Used = storeNoon()
		s.put(k, left)
		if got, err := s.Session(s.Context(), k); err != nil || !cmp.Equal(got, left) {
			s.Errorf("a session of %s is %+v, %v", name, got, err)
		}
	}
	s.put(k, bot.Session{Used: storeNoon(), Places: []string{}, Turns: full.Turns[:0]})
	s.wantSession(k, bot.Session{})
}

func testSessionsApart(s storeTest) {
	keys := []bot.Key{
		{User: 1, Chat: 1}, {User: 1, Chat: 2}, {User: 1, Chat: -1}, {User: 1, Chat: 1, Thread: 1},
		{User: 2, Chat: 1}, {User: -1, Chat: 1}, {User: 256, Chat: 1},
	}
	for i, k := range keys {
		s.put(k, someSession(fmt.Sprint(i)))
	}
	for i, k := range keys {
		s.wantSession(k, someSession(fmt.Sprint(i)))
	}
}

func testSessionsAtOnce(s storeTest) {
	const writers = 100
	k := bot.Key{User: 1, Chat: 1}
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			err := s.UpdateSession(s.Context(), k, func(to *bot.Session) {
				to.Turns = append(to.Turns, bot.Turn{Event: int64(i)})
			})
			if err != nil {
				s.Error(err)
			}
		})
	}
	all.Wait()
	got, err := s.Session(s.Context(), k)
	s.check(err)
	seen := make(map[int64]int)
	for _, turn := range got.Turns {
		seen[turn.Event]++
	}
	if len(got.Turns) != writers || len(seen) != writers {
		s.Errorf("%d turns by %d of %d writers are there", len(got.Turns), len(seen), writers)
	}
}

func testSessionCopies(s storeTest) {
	k := bot.Key{User: 1, Chat: 1}
	given := someSession("一")
	s.put(k, given)
	given.Places[0] = "江滨新区"
	given.Turns[0].Turn.Articles[0] = "changed"
	s.wantSession(k, someSession("一"))
	got, err := s.Session(s.Context(), k)
	s.check(err)
	got.Places[0] = "江滨新区"
	got.Turns[0].Turn.Articles[0] = "changed"
	s.wantSession(k, someSession("一"))
	var leaked *bot.Session
	s.check(s.UpdateSession(s.Context(), k, func(to *bot.Session) { leaked = to }))
	leaked.Places[0] = "江滨新区"
	leaked.Turns[0].Turn.Articles[0] = "changed"
	s.wantSession(k, someSession("一"))
}

func testPanic(s storeTest) {
	k := bot.Key{User: 1, Chat: 1}
	s.put(k, someSession("一"))
	func() {
		defer func() { s.equal("what was panicked with", recover(), any("no")) }()
		_ = s.UpdateSession(s.Context(), k, func(to *bot.Session) {
			to.Lang = "zh"
			panic("no")
		})
	}()
	s.wantSession(k, someSession("一"))
	s.put(k, someSession("二"))
	s.wantSession(k, someSession("二"))
}

func testAnswers(s storeTest) {
	s.wantAnswers("a", "")
	first := someAnswer("a", bot.Key{User: 1, Chat: 1}, storeNoon())
	s.check(s.PutAnswer(s.Context(), first))
	got, err := s.Answer(s.Context(), "a")
	s.check(err)
	s.equal("answer", got, first)
	s.wantAnswers("A aa a b", "a")

	second := someAnswer("a", bot.Key{User: 2, Chat: 1}, storeNoon().Add(time.Hour))
	s.check(s.PutAnswer(s.Context(), second))
	got, err = s.Answer(s.Context(), "a")
	s.check(err)
	s.equal("answer that took its place", got, second)
	// Nothing of the first is left: neither its user nor its time find the ID.
	s.check(s.Forget(s.Context(), 1))
	s.check(s.Expire(s.Context(), time.Time{}, storeNoon().Add(time.Minute)))
	s.wantAnswers("a", "a")
	s.check(s.Forget(s.Context(), 2))
	s.wantAnswers("a", "")
}

func testAnswerCopies(s storeTest) {
	k := bot.Key{User: 1, Chat: 1}
	given := someAnswer("a", k, storeNoon())
	s.check(s.PutAnswer(s.Context(), given))
	given.Sources[0].Quote = "changed"
	given.Related[0] = "changed"
	for range 2 {
		got, err := s.Answer(s.Context(), "a")
		s.check(err)
		s.equal("answer", got, someAnswer("a", k, storeNoon()))
		got.Sources[0].Quote = "changed"
		got.Related[0] = "changed"
	}
}

func testUpdateAnswer(s storeTest) {
	k := bot.Key{User: 1, Chat: 1}
	err := s.UpdateAnswer(s.Context(), "a", func(*bot.Answer) { s.Error("there is nothing to change") })
	if !errors.Is(err, bot.ErrNotKept) {
		s.Errorf("an answer that is not there: %v", err)
	}
	s.wantAnswers("a", "")
	s.check(s.PutAnswer(s.Context(), someAnswer("a", k, storeNoon())))
	s.check(s.UpdateAnswer(s.Context(), "a", func(a *bot.Answer) {
		s.equal("answer to change", *a, someAnswer("a", k, storeNoon()))
		a.Related = []string{"松岭县呢?"}
	}))
	want := someAnswer("a", k, storeNoon())
	want.Related = []string{"松岭县呢?"}
	got, err := s.Answer(s.Context(), "a")
	s.check(err)
	s.equal("answer changed", got, want)
	s.check(s.Forget(s.Context(), 1)) // it is still found by its user
	s.wantAnswers("a", "")
}

func testMaintenance(s storeTest) {
	for i, on := range []bool{false, true, true, false} {
		if i > 0 {
			s.check(s.SetMaintenance(s.Context(), on))
		}
		got, err := s.Maintenance(s.Context())
		s.check(err)
		s.equal(fmt.Sprintf("maintenance at %d", i), got, on)
	}
}
