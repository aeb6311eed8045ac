package session_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wenbao/bot"
	"wenbao/bot/session"
)

// Small numbers, so that what is done meets what was done before.
const users, chats, days = 4, 3, 3

// TestSame does the same to both stores, at random, and looks for differences.
func TestSame(t *testing.T) {
	f := openFile(t, filepath.Join(t.TempDir(), "sessions.db"))
	stores := []bot.Store{session.NewMemory(), f}
	r := rand.New(rand.NewPCG(3, 4))
	for step := range 400 {
		name, act := anything(r)
		var said [2]string
		for i, s := range stores {
			said[i] = act(t, s)
		}
		if said[0] != said[1] {
			t.Fatalf("step %d, %s: memory says %s, the file %s", step, name, said[0], said[1])
		}
		if step%50 != 49 {
			continue
		}
		if d := cmp.Diff(everything(t, stores[0]), everything(t, stores[1])); d != "" {
			t.Fatalf("after step %d, %s (-memory +file):\n%s", step, name, d)
		}
	}
}

// anything is something to do to a store, which says what came of it.
func anything(r *rand.Rand) (name string, act func(*testing.T, bot.Store) string) {
	k := bot.Key{User: r.Int64N(users), Chat: r.Int64N(chats), Thread: r.IntN(2)}
	at := noon().Add(time.Duration(r.IntN(days)) * 24 * time.Hour)
	a := bot.Answer{ID: fmt.Sprint(r.IntN(8)), Key: k, Question: fmt.Sprint(r.IntN(99)), At: at}
	say := func(err error) string { return fmt.Sprint(err) }
	switch n := r.IntN(100); {
	case n < 30:
		lang := []string{"", "zh", "en"}[r.IntN(3)]
		return "update session", func(t *testing.T, s bot.Store) string {
			return say(s.UpdateSession(t.Context(), k, func(s *bot.Session) { s.Lang, s.Used = lang, at }))
		}
	case n < 60:
		return "put answer", func(t *testing.T, s bot.Store) string { return say(s.PutAnswer(t.Context(), a)) }
	case n < 65:
		return "update answer", func(t *testing.T, s bot.Store) string {
			return fmt.Sprint(errors.Is(s.UpdateAnswer(t.Context(), a.ID, func(to *bot.Answer) { to.Text = a.Question }), bot.ErrNotKept))
		}
	case n < 75:
		o := bot.Opinion{Answer: a, User: r.Int64N(users), Good: r.IntN(2) == 0, At: at}
		return "put opinion", func(t *testing.T, s bot.Store) string {
			return fmt.Sprint(errors.Is(s.PutOpinion(t.Context(), o), bot.ErrNotKept))
		}
	case n < 85:
		event := r.Int64N(40)
		return "spend", func(t *testing.T, s bot.Store) string {
			ok, err := s.Spend(t.Context(), k.User, event, at.Format(time.DateOnly), 3)
			return fmt.Sprint(ok, err)
		}
	case n < 90:
		return "forget", func(t *testing.T, s bot.Store) string { return say(s.Forget(t.Context(), k.User)) }
	case n < 95:
		to := r.Int64N(chats)
		return "move", func(t *testing.T, s bot.Store) string { return say(s.Move(t.Context(), k.Chat, to)) }
	}
	before := noon().Add(time.Duration(r.IntN(days)) * 24 * time.Hour)
	return "expire", func(t *testing.T, s bot.Store) string { return say(s.Expire(t.Context(), at, before)) }
}

// everything is all that a store tells.
func everything(t *testing.T, s bot.Store) map[string]any {
	t.Helper()
	all := make(map[string]any)
	for n := range users * chats * 2 {
		k := bot.Key{User: int64(n % users), Chat: int64(n / users % chats), Thread: n / users / chats}
		got, err := s.Session(t.Context(), k)
		if err != nil {
			t.Fatal(err)
		}
		all[fmt.Sprintf("session %+v", k)] = got
	}
	for id := range 8 {
		a, err := s.Answer(t.Context(), fmt.Sprint(id))
		if err != nil && !errors.Is(err, bot.ErrNotKept) {
			t.Fatal(err)
		}
		all[fmt.Sprintf("answer %d", id)] = a
	}
	good, bad, err := s.Opinions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all["good"], all["bad"] = good, bad
	var opinions []bot.Opinion
	if err := s.EachOpinion(t.Context(), func(o bot.Opinion) error { opinions = append(opinions, o); return nil }); err != nil {
		t.Fatal(err)
	}
	all["opinions"] = opinions
	return all
}
