package session_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"wenbao/bot"
	"wenbao/bot/session"
	"wenbao/rag"
)

const question = "柳溪镇的渡口什么时候修好"

func noon() time.Time { return time.Date(2025, 3, 4, 12, 0, 0, 0, time.UTC) }

// fill keeps something of every kind of a user, with the question in it.
func fill(t testing.TB, s bot.Store, user int64) {
	t.Helper()
	k := bot.Key{User: user, Chat: user}
	a := bot.Answer{ID: fmt.Sprintf("a%d", user), Key: k, Question: question, Text: "明年。[1]", At: noon()}
	err := s.UpdateSession(t.Context(), k, func(s *bot.Session) {
		s.Used = noon()
		s.Turns = append(s.Turns, bot.Turn{Event: 1, At: noon(), Turn: rag.Turn{Question: question}})
	})
	_, spent := s.Spend(t.Context(), user, 1, "2025-03-04", 1)
	if err := errors.Join(err, spent, s.PutAnswer(t.Context(), a),
		s.PutOpinion(t.Context(), bot.Opinion{Answer: a, User: user, Good: true, At: noon()})); err != nil {
		t.Error(err)
	}
}

// wantFilled asserts that what fill kept is there.
func wantFilled(t testing.TB, s bot.Store, user int64) {
	t.Helper()
	k := bot.Key{User: user, Chat: user}
	got, err := s.Session(t.Context(), k)
	want := bot.Session{Used: noon(), Turns: []bot.Turn{{Event: 1, At: noon(), Turn: rag.Turn{Question: question}}}}
	if err != nil || !cmp.Equal(got, want) {
		t.Errorf("session of %d: %+v, %v", user, got, err)
	}
	if a, err := s.Answer(t.Context(), fmt.Sprintf("a%d", user)); err != nil || a.Question != question {
		t.Errorf("answer to %d: %+v, %v", user, a, err)
	}
	if ok, err := s.Spend(t.Context(), user, 2, "2025-03-04", 1); err != nil || ok {
		t.Errorf("user %d can spend: %v, %v", user, ok, err)
	}
}

func TestReopen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	f := openFile(t, path)
	for user := range int64(3) {
		fill(t, f, user)
	}
	if err := errors.Join(f.SetMaintenance(t.Context(), true), f.Close()); err != nil {
		t.Fatal(err)
	}
	f = openFile(t, path)
	for user := range int64(3) {
		wantFilled(t, f, user)
	}
	if good, bad, err := f.Opinions(t.Context()); err != nil || good != 3 || bad != 0 {
		t.Errorf("opinions: %d, %d, %v", good, bad, err)
	}
	if on, err := f.Maintenance(t.Context()); err != nil || !on {
		t.Errorf("maintenance: %v, %v", on, err)
	}
}

func TestErrors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	f := openFile(t, path)
	synctest.Test(t, func(t *testing.T) { // which makes the wait for the lock short
		if _, err := session.Open(path); !errors.Is(err, session.ErrLocked) {
			t.Errorf("opened twice: %v", err)
		}
	})
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Forget(t.Context(), 1); !errors.Is(err, session.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
	if err := os.WriteFile(path, []byte("云泽日报"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := session.Open(path); !errors.Is(err, session.ErrDamaged) {
		t.Errorf("damaged: %v", err)
	}
}

// TestForgottenText looks for what was asked in the file itself.
func TestForgottenText(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	f := openFile(t, path)
	fill(t, f, 1)
	err := f.UpdateSession(t.Context(), bot.Key{User: 2, Chat: 1}, func(s *bot.Session) { s.Lang = "en" })
	if err != nil {
		t.Fatal(err)
	}
	holds := func() bool {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Contains(b, []byte(question))
	}
	if !holds() {
		t.Fatal("the question was not in the file before either")
	}
	if err := f.Forget(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if holds() {
		t.Error("the question is still in the file")
	}
	if s, err := f.Session(t.Context(), bot.Key{User: 2, Chat: 1}); err != nil || s.Lang != "en" {
		t.Errorf("another user's session: %+v, %v", s, err)
	}
}

func TestExpireShrinks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	f := openFile(t, path)
	for user := range int64(30) {
		fill(t, f, user)
		if err := f.PutAnswer(t.Context(), bot.Answer{ID: fmt.Sprint(user), Text: strings.Repeat("问", 2000), At: noon()}); err != nil {
			t.Fatal(err)
		}
	}
	size := func() int64 {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	before := size()
	if err := f.Expire(t.Context(), noon(), noon()); err != nil || size() != before {
		t.Errorf("with nothing expired: %v, and %d bytes of %d", err, size(), before)
	}
	if err := f.Expire(t.Context(), noon(), noon().Add(1)); err != nil || size() > before/2 {
		t.Errorf("with the answers expired: %v, and %d bytes of %d", err, size(), before)
	}
	if good, _, err := f.Opinions(t.Context()); err != nil || good != 0 {
		t.Errorf("%d opinions are kept, %v", good, err)
	}
}

// TestCopiedWhileWritten copies the file without regard to who writes it: the copy
// opens, or is found damaged.
func TestCopiedWhileWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	f := openFile(t, path)
	stop := make(chan bool)
	var writer sync.WaitGroup
	writer.Go(func() {
		for user := int64(0); ; user++ {
			select {
			case <-stop:
				return
			default:
				fill(t, f, user)
			}
		}
	})
	for i := range 20 {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		at := filepath.Join(t.TempDir(), fmt.Sprint(i))
		if err := os.WriteFile(at, b, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := session.Open(at)
		if err != nil {
			if !errors.Is(err, session.ErrDamaged) {
				t.Error(err)
			}
			continue
		}
		if _, _, err := c.Opinions(t.Context()); err != nil {
			t.Error(err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	writer.Wait()
}

// TestBubble has everything happen at once where time stands still until all wait.
func TestBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := openFile(t, filepath.Join(t.TempDir(), "sessions.db"))
		var all sync.WaitGroup
		for user := range int64(40) {
			all.Go(func() {
				fill(t, f, user)
				time.Sleep(time.Second)
				if user%4 == 0 {
					if err := f.Forget(t.Context(), user); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		if good, _, err := f.Opinions(t.Context()); err != nil || good != 30 {
			t.Errorf("%d opinions are left, %v", good, err)
		}
	})
}
