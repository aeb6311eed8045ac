package bottest

import (
	"errors"
	"time"

	"wenbao/bot"
)

func (s storeTest) wantOpinions(good, bad int) {
	s.Helper()
	g, b, err := s.Opinions(s.Context())
	s.check(err)
	s.equal("good and bad opinions", []int{g, b}, []int{good, bad})
}

// opine keeps an opinion of an answer that is kept.
func (s storeTest) opine(o bot.Opinion) {
	s.Helper()
	s.check(s.PutAnswer(s.Context(), o.Answer))
	s.check(s.PutOpinion(s.Context(), o))
}

// someOpinion is of an answer to user 1.
func someOpinion(user int64, id string, good bool) bot.Opinion {
	return bot.Opinion{
		Answer: someAnswer(id, bot.Key{User: 1, Chat: 1}, storeNoon()), User: user, Good: good, At: storeNoon().Add(time.Minute),
	}
}

func testOpinions(s storeTest) {
	s.wantOpinions(0, 0)
	for _, step := range []struct {
		user int64
		id   string
		good bool
		want [2]int
	}{
		{1, "a", true, [2]int{1, 0}},
		{2, "a", true, [2]int{2, 0}},
		{1, "b", false, [2]int{2, 1}},
		{1, "a", false, [2]int{1, 2}},
		{1, "a", false, [2]int{1, 2}},
		{1, "b", true, [2]int{2, 1}},
	} {
		s.opine(someOpinion(step.user, step.id, step.good))
		s.wantOpinions(step.want[0], step.want[1])
	}
}

// testEachOpinion wants the question, the text and the passages with each opinion,
// and those of the answer as it was.
func testEachOpinion(s storeTest) {
	all := []bot.Opinion{
		someOpinion(-3, "b", true), someOpinion(1, "a", true), someOpinion(1, "b", false), someOpinion(2, "a", true),
	}
	for _, i := range []int{2, 0, 3, 1} {
		s.opine(all[i])
	}
	s.check(s.PutAnswer(s.Context(), bot.Answer{ID: "a", Key: bot.Key{User: 1, Chat: 1}, Text: "别的", At: storeNoon()}))
	var got []bot.Opinion
	s.check(s.EachOpinion(s.Context(), func(o bot.Opinion) error {
		got = append(got, o)
		return nil
	}))
	s.equal("opinions", got, all)

	enough, seen := errors.New("enough"), 0
	err := s.EachOpinion(s.Context(), func(bot.Opinion) error {
		seen++
		return enough
	})
	if !errors.Is(err, enough) || seen != 1 {
		s.Errorf("ended by %v after %d", err, seen)
	}
}

// testOpinionsOfNothing: what was deleted does not come back with an opinion.
func testOpinionsOfNothing(s storeTest) {
	o := someOpinion(2, "a", true)
	if err := s.PutOpinion(s.Context(), o); !errors.Is(err, bot.ErrNotKept) {
		s.Errorf("of an answer that never was: %v", err)
	}
	s.check(s.PutAnswer(s.Context(), o.Answer))
	s.check(s.Forget(s.Context(), 1))
	if err := s.PutOpinion(s.Context(), o); !errors.Is(err, bot.ErrNotKept) {
		s.Errorf("of an answer that was forgotten: %v", err)
	}
	s.wantOpinions(0, 0)
}
