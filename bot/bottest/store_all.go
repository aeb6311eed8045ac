package bottest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"wenbao/bot"
)

func testForget(s storeTest) {
	mine := []bot.Key{{User: 2, Chat: 2}, {User: 2, Chat: -9}, {User: 2, Chat: -9, Thread: 4}}
	others := []bot.Key{{User: 1, Chat: 2}, {User: 3, Chat: -9}, {User: 258, Chat: 2}, {User: -2, Chat: 2}}
	last := bot.Key{User: 1<<63 - 1, Chat: 2}
	s.put(last, someSession("一"))
	for _, k := range slices.Concat(mine, others) {
		s.put(k, someSession("一"))
		s.check(s.PutAnswer(s.Context(), someAnswer(fmt.Sprintf("%d:%d:%d", k.User, k.Chat, k.Thread), k, storeNoon())))
		_, err := s.Spend(s.Context(), k.User, 1, "2025-03-04", 1)
		s.check(err)
	}
	for _, o := range []bot.Opinion{
		{User: 2, Good: true, Answer: someAnswer("o1", mine[0], storeNoon())},
		{User: 2, Good: true, Answer: someAnswer("o2", others[0], storeNoon())},
		// It holds what user 2 asked.
		{User: 1, Good: true, Answer: someAnswer("o1", mine[0], storeNoon())},
		{User: 1, Good: false, Answer: someAnswer("o2", others[0], storeNoon())},
	} {
		s.opine(o)
	}

	s.check(s.Forget(s.Context(), 2))
	for _, k := range mine {
		s.wantSession(k, bot.Session{})
	}
	for _, k := range others {
		s.wantSession(k, someSession("一"))
	}
	s.wantAnswers("2:2:0 2:-9:0 2:-9:4 1:2:0 3:-9:0 258:2:0 -2:2:0", "1:2:0 3:-9:0 258:2:0 -2:2:0")
	s.wantOpinions(0, 1)
	for user, want := range map[int64]bool{2: true, 1: false, 3: false, 258: false, -2: false} {
		ok, err := s.Spend(s.Context(), user, 2, "2025-03-04", 1)
		s.check(err)
		s.equal(fmt.Sprintf("user %d can spend", user), ok, want)
	}
	s.check(s.Forget(s.Context(), 2)) // with nothing there
	s.wantSession(last, someSession("一"))
	s.check(s.Forget(s.Context(), last.User))
	s.wantSession(last, bot.Session{})
}

func testMove(s storeTest) {
	const from, to = -5, -1005
	in := func(chat int64) []bot.Key {
		return []bot.Key{{User: 1, Chat: chat}, {User: 2, Chat: chat}, {User: 2, Chat: chat, Thread: 6}}
	}
	for i, k := range in(from) {
		s.put(k, someSession(fmt.Sprint(i)))
	}
	stays := bot.Key{User: 1, Chat: 1}
	s.put(stays, someSession("一"))
	s.check(s.PutAnswer(s.Context(), someAnswer("a", in(from)[1], storeNoon())))
	s.check(s.PutAnswer(s.Context(), someAnswer("b", stays, storeNoon())))

	for range 2 { // the second time there is nothing to move
		s.check(s.Move(s.Context(), from, to))
		for i := range in(from) {
			s.wantSession(in(from)[i], bot.Session{})
			s.wantSession(in(to)[i], someSession(fmt.Sprint(i)))
		}
	}
	s.check(s.Move(s.Context(), to, to))
	s.wantSession(in(to)[0], someSession("0"))
	s.wantSession(stays, someSession("一"))
	for id, want := range map[string]bot.Answer{"a": {Key: in(to)[1], MovedFrom: from}, "b": {Key: stays}} {
		got, err := s.Answer(s.Context(), id)
		s.check(err)
		s.equal("conversation of answer "+id, bot.Answer{Key: got.Key, MovedFrom: got.MovedFrom}, want)
	}
	// What moved is still found by its time and by its user.
	s.check(s.Expire(s.Context(), time.Time{}, storeNoon().Add(1)))
	s.wantAnswers("a b", "")
	s.check(s.Forget(s.Context(), 2))
	s.wantSession(in(to)[1], bot.Session{})
	s.check(s.Expire(s.Context(), storeNoon().Add(1), time.Time{}))
	s.wantSession(in(to)[0], bot.Session{})
}

// testMoveOnto has the group go on under its new ID before Move is told.
func testMoveOnto(s storeTest) {
	for user, later := range map[int64]time.Duration{1: time.Hour, 2: -time.Hour} {
		s.put(bot.Key{User: user, Chat: -5}, someSession("old chat"))
		newer := someSession("new chat")
		newer.Used = newer.Used.Add(later)
		s.put(bot.Key{User: user, Chat: -1005}, newer)
	}
	s.check(s.Move(s.Context(), -5, -1005))
	for user, want := range map[int64]string{1: "new chat", 2: "old chat"} {
		got, err := s.Session(s.Context(), bot.Key{User: user, Chat: -1005})
		s.check(err)
		s.equal("the session that changed last", got.Turns[0].Turn.Question, want)
		s.wantSession(bot.Key{User: user, Chat: -5}, bot.Session{})
	}
}

func testExpire(s storeTest) {
	at := func(d time.Duration) bot.Session {
		to := someSession("一")
		to.Used = storeNoon().Add(d)
		return to
	}
	ages := []time.Duration{-24 * time.Hour, -1, 0, 1, 24 * time.Hour}
	for i, age := range ages {
		s.put(bot.Key{User: int64(i), Chat: 1}, at(age))
		s.check(s.PutAnswer(s.Context(), someAnswer(fmt.Sprint(i), bot.Key{User: int64(i), Chat: 1}, storeNoon().Add(age))))
		// An opinion counts from when it was formed, whatever the age of the answer.
		o := someOpinion(int64(i), "o", true)
		o.At = storeNoon().Add(age)
		s.opine(o)
	}
	// One that was used again counts from then.
	s.put(bot.Key{User: 9, Chat: 1}, at(-time.Hour))
	s.put(bot.Key{User: 9, Chat: 1}, at(time.Hour))

	s.check(s.Expire(s.Context(), time.Time{}, time.Time{}))
	s.wantAnswers("0 1 2 3 4", "0 1 2 3 4")
	s.wantOpinions(5, 0)
	s.check(s.Expire(s.Context(), storeNoon(), storeNoon().Add(1)))
	s.wantOpinions(2, 0)
	for i, age := range ages {
		want := at(age)
		if age < 0 {
			want = bot.Session{}
		}
		s.wantSession(bot.Key{User: int64(i), Chat: 1}, want)
	}
	s.wantSession(bot.Key{User: 9, Chat: 1}, at(time.Hour))
	s.wantAnswers("0 1 2 3 4", "3 4")
}

func testDoneContext(s storeTest) {
	ctx, cancel := context.WithCancel(s.Context())
	cancel()
	k := bot.Key{User: 1, Chat: 1}
	calls := map[string]func() error{
		"Session": func() error { _, err := s.Session(ctx, k); return err },
		"UpdateSession": func() error {
			return s.UpdateSession(ctx, k, func(*bot.Session) { s.Error("the session was changed") })
		},
		"PutAnswer":  func() error { return s.PutAnswer(ctx, someAnswer("a", k, storeNoon())) },
		"Answer":     func() error { _, err := s.Answer(ctx, "a"); return err },
		"PutOpinion": func() error { return s.PutOpinion(ctx, bot.Opinion{Answer: someAnswer("a", k, storeNoon())}) },
		"UpdateAnswer": func() error {
			return s.UpdateAnswer(ctx, "a", func(*bot.Answer) { s.Error("the answer was changed") })
		},
		"EachOpinion": func() error {
			return s.EachOpinion(ctx, func(bot.Opinion) error { s.Error("an opinion was given"); return nil })
		},
		"Opinions":       func() error { _, _, err := s.Opinions(ctx); return err },
		"Spend":          func() error { _, err := s.Spend(ctx, 1, 1, "2025-03-04", 1); return err },
		"Maintenance":    func() error { _, err := s.Maintenance(ctx); return err },
		"SetMaintenance": func() error { return s.SetMaintenance(ctx, true) },
		"Forget":         func() error { return s.Forget(ctx, 1) },
		"Move":           func() error { return s.Move(ctx, 1, 2) },
		"Move to itself": func() error { return s.Move(ctx, 1, 1) },
		"Expire":         func() error { return s.Expire(ctx, storeNoon(), storeNoon()) },
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, context.Canceled) {
			s.Errorf("%s with a context that is done: %v", name, err)
		}
	}
}
