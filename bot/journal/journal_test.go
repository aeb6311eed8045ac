package journal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"wenbao/bot/journal"
)

func temp(t testing.TB) string { return filepath.Join(t.TempDir(), "journal.db") }

// open opens a journal and closes it at the end of the test, unless it is closed by then.
func open(t testing.TB, path string) *journal.Journal {
	t.Helper()
	j, err := journal.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := j.Close(); err != nil && !errors.Is(err, journal.ErrClosed) {
			t.Error(err)
		}
	})
	return j
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func equal(t testing.TB, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func entry(id, lane int64) journal.Entry {
	return journal.Entry{ID: id, Lane: lane, Body: fmt.Appendf(nil, "body %d", id)}
}

func batch(ids ...int64) (entries []journal.Entry) {
	for _, id := range ids {
		entries = append(entries, entry(id, id%3))
	}
	return entries
}

func ids(entries []journal.Entry) (ids []int64) {
	for _, e := range entries {
		ids = append(ids, e.ID)
	}
	return ids
}

// take gives the IDs that were fresh.
func take(t testing.TB, j *journal.Journal, given ...int64) []int64 {
	t.Helper()
	fresh, err := j.Take(t.Context(), batch(given...))
	check(t, err)
	return ids(fresh)
}

func pending(t testing.TB, j *journal.Journal) []journal.Entry {
	t.Helper()
	p, err := j.Pending(t.Context())
	check(t, err)
	return p
}

// TestSteps takes one update after another to its end. After each step the file is
// copied, as a crash would leave it, and the copy has to say just what was done.
func TestSteps(t *testing.T) {
	path := temp(t)
	j := open(t, path)
	one, two, three := entry(10, 1), entry(11, 2), entry(12, 1)
	ctx := t.Context()
	step := func(name string, err error, want ...journal.Entry) {
		t.Helper()
		check(t, err)
		equal(t, name, pending(t, j), want)
		crashed := open(t, crash(t, path))
		equal(t, name+", after a crash", pending(t, crashed), want)
	}
	step("nothing", nil)
	fresh, err := j.Take(ctx, []journal.Entry{one, two})
	equal(t, "fresh", fresh, []journal.Entry{one, two})
	step("two taken", err, one, two)
	_, err = j.Take(ctx, []journal.Entry{three})
	step("a third taken", err, one, two, three)

	two.Tries = 1
	step("tried", j.Tried(ctx, 11), one, two, three)
	two.Tries = 2
	step("tried again", j.Tried(ctx, 11), one, two, three)
	two.Opening, two.Floor = true, 90
	step("opening", j.Opening(ctx, 11, 90), one, two, three)
	two.Opening, two.Opened = false, 91
	step("opened", j.Opened(ctx, 11, 91), one, two, three)
	two.Plan, two.Floor = []byte("reply"), 95
	step("planned", j.Plan(ctx, 11, []byte("reply"), 95), one, two, three)
	two.Sent, two.Floor = []int64{91}, 95
	step("sent by an edit", j.Sent(ctx, 11, 0, 91), one, two, three)
	step("the same again", j.Sent(ctx, 11, 0, 91), one, two, three)
	two.Sent, two.Floor = []int64{91, 99}, 99
	step("sent", j.Sent(ctx, 11, 1, 99), one, two, three)
	two.Sent = []int64{90, 99}
	step("sent otherwise", j.Sent(ctx, 11, 0, 90), one, two, three)
	for _, part := range []int{-1, 3} {
		if err := j.Sent(ctx, 11, part, 100); !errors.Is(err, journal.ErrPart) {
			t.Errorf("part %d of 2: %v", part, err)
		}
	}
	step("parts that cannot be", nil, one, two, three)
	step("raised to less", j.Raise(ctx, 11, 98), one, two, three)
	two.Floor = 120
	step("raised", j.Raise(ctx, 11, 120), one, two, three)
	two.Plan, two.Floor = []byte("other reply"), 110
	step("planned again", j.Plan(ctx, 11, []byte("other reply"), 110), one, two, three)
	three.Opening, three.Floor = true, 7
	step("another opening", j.Opening(ctx, 12, 7), one, two, three)
	three.Opening = false
	step("it came to nothing", j.Opened(ctx, 12, 0), one, two, three)

	step("two done", j.Done(ctx, 11, 10, 10, 999), three)
	step("compacted", j.Compact(ctx), three)
	step("pruned", j.Prune(ctx, time.Now().Add(time.Hour)), three)
	step("all done", j.Done(ctx, 12))
	step("nothing done", j.Done(ctx))
}

// crash copies the file as it is.
func crash(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	check(t, err)
	to := temp(t)
	check(t, os.WriteFile(to, b, 0o600))
	return to
}

func TestTakeOnce(t *testing.T) {
	path := temp(t)
	j := open(t, path)
	equal(t, "fresh", take(t, j, 5, 6, 5, 7), []int64{5, 6, 7})
	equal(t, "fresh while pending", take(t, j, 6, 8, 5), []int64{8})
	check(t, j.Done(t.Context(), 5, 6))
	equal(t, "fresh when done", take(t, j, 5, 9, 6, 9), []int64{9})
	check(t, j.Close())

	j = open(t, path)
	equal(t, "pending when opened again", ids(pending(t, j)), []int64{7, 8, 9})
	equal(t, "fresh when opened again", take(t, j, 5, 6, 7, 8, 9, 4), []int64{4})
	equal(t, "pending", ids(pending(t, j)), []int64{7, 8, 9, 4})
	equal(t, "fresh of none", take(t, j), []int64(nil))
}

// TestTakeThatHadLanded has entries that are kept, but that nobody was given: as a
// Take that kept them and could not say so leaves them.
func TestTakeThatHadLanded(t *testing.T) {
	path := temp(t)
	j := open(t, path)
	take(t, j, 1, 2, 3)
	check(t, j.Done(t.Context(), 2))
	check(t, j.Tried(t.Context(), 3))
	check(t, j.Close())

	j = open(t, path)
	fresh, err := j.Take(t.Context(), batch(1, 2, 4, 1))
	check(t, err)
	equal(t, "fresh", fresh, batch(1, 4))
	equal(t, "fresh a second time", take(t, j, 1, 2, 4), []int64(nil))
	third := entry(3, 0)
	third.Tries = 1
	fresh, err = j.Take(t.Context(), batch(3))
	check(t, err)
	equal(t, "fresh as far as it had come", fresh, []journal.Entry{third})
	check(t, j.Done(t.Context(), 1))
	equal(t, "fresh when done", take(t, j, 1), []int64(nil))
}

// TestOwn has the token of another bot put on the same data.
func TestOwn(t *testing.T) {
	path := temp(t)
	j := open(t, path)
	take(t, j, 1, 2) // by a version that does not note the bot
	check(t, j.Own(t.Context(), 700))
	check(t, j.Done(t.Context(), 1))
	check(t, j.Plan(t.Context(), 2, []byte("reply"), 40))
	check(t, j.Close())

	j = open(t, path)
	check(t, j.Own(t.Context(), 700))
	equal(t, "pending of the same bot", ids(pending(t, j)), []int64{2})
	check(t, j.Own(t.Context(), 701))
	equal(t, "pending of another bot", ids(pending(t, j)), []int64(nil))
	floors, err := j.Floors(t.Context())
	check(t, err)
	equal(t, "floors of another bot", floors, map[int64]int64{})
	check(t, j.Close())

	j = open(t, path)
	check(t, j.Own(t.Context(), 701))
	equal(t, "fresh for another bot", take(t, j, 1, 2), []int64{1, 2})
}

func TestPrune(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := open(t, temp(t))
		take(t, j, 1, 2, 3)
		check(t, j.Done(t.Context(), 1, 3))
		time.Sleep(time.Hour)
		noon := time.Now()
		take(t, j, 4, 5)
		check(t, j.Done(t.Context(), 4))

		check(t, j.Prune(t.Context(), noon.Add(-time.Hour)))
		equal(t, "fresh with nothing old", take(t, j, 1, 2, 3, 4, 5), []int64(nil))
		check(t, j.Prune(t.Context(), noon))
		equal(t, "fresh with old ones forgotten", take(t, j, 1, 2, 3, 4, 5), []int64{1, 3})
		equal(t, "pending", ids(pending(t, j)), []int64{2, 5, 1, 3})
		check(t, j.Done(t.Context(), 1, 2, 3, 5))
		check(t, j.Prune(t.Context(), noon.Add(time.Hour)))
		equal(t, "fresh with all forgotten", take(t, j, 1, 2, 3, 4, 5), []int64{1, 2, 3, 4, 5})
	})
}

// TestPruneAfterAWrongClock has an entry that is dated an hour ahead.
func TestPruneAfterAWrongClock(t *testing.T) {
	path := temp(t)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(2 * time.Hour)
		j := open(t, path)
		take(t, j, 1)
		check(t, j.Done(t.Context(), 1))
	})
	synctest.Test(t, func(t *testing.T) { // begins at the same time as the one before
		j := open(t, path)
		take(t, j, 2)
		check(t, j.Done(t.Context(), 2))
		time.Sleep(time.Hour)
		check(t, j.Prune(t.Context(), time.Now()))
		equal(t, "fresh", take(t, j, 1, 2), []int64{2})
	})
}

// TestTextGoes looks for texts in the file itself.
func TestTextGoes(t *testing.T) {
	for name, erase := range map[string]func(*journal.Journal) error{
		"compact": func(j *journal.Journal) error { return j.Compact(t.Context()) },
		"prune":   func(j *journal.Journal) error { return j.Prune(t.Context(), time.Time{}) },
	} {
		path := temp(t)
		j := open(t, path)
		check(t, j.Prune(t.Context(), time.Time{}))
		holds := func(text string) bool {
			b, err := os.ReadFile(path)
			check(t, err)
			return bytes.Contains(b, []byte(text))
		}
		take(t, j, 1, 2)
		check(t, j.Plan(t.Context(), 1, []byte("reply 1"), 0))
		check(t, j.Done(t.Context(), 1))
		if !holds("body 1") || !holds("reply 1") {
			t.Errorf("%s: the texts were not in the file before either", name)
		}
		check(t, erase(j))
		if holds("body 1") || holds("reply 1") {
			t.Errorf("%s: the texts are still in the file", name)
		}
		if !holds("body 2") {
			t.Errorf("%s: the text of what is pending is not in the file", name)
		}
		equal(t, name+": fresh", take(t, j, 1, 2), []int64(nil))
	}
}

func TestErrors(t *testing.T) {
	path := temp(t)
	j := open(t, path)
	take(t, j, 1, 2)
	check(t, j.Done(t.Context(), 1))
	done, cancel := context.WithCancel(t.Context())
	cancel()
	calls := map[string]func(ctx context.Context, id int64) error{
		"Opening": func(ctx context.Context, id int64) error { return j.Opening(ctx, id, 1) },
		"Opened":  func(ctx context.Context, id int64) error { return j.Opened(ctx, id, 1) },
		"Plan":    func(ctx context.Context, id int64) error { return j.Plan(ctx, id, nil, 1) },
		"Sent":    func(ctx context.Context, id int64) error { return j.Sent(ctx, id, 0, 1) },
		"Raise":   func(ctx context.Context, id int64) error { return j.Raise(ctx, id, 1) },
		"Tried":   func(ctx context.Context, id int64) error { return j.Tried(ctx, id) },
		"Own":     func(ctx context.Context, _ int64) error { return j.Own(ctx, 700) },
		"Done":    func(ctx context.Context, id int64) error { return j.Done(ctx, id) },
		"Take": func(ctx context.Context, id int64) error {
			_, err := j.Take(ctx, batch(id))
			return err
		},
		"Pending": func(ctx context.Context, _ int64) error { _, err := j.Pending(ctx); return err },
		"Prune":   func(ctx context.Context, _ int64) error { return j.Prune(ctx, time.Now()) },
		"Compact": func(ctx context.Context, _ int64) error { return j.Compact(ctx) },
	}
	for name, call := range calls {
		if err := call(done, 2); !errors.Is(err, context.Canceled) {
			t.Errorf("%s with a context that is done: %v", name, err)
		}
	}
	for _, name := range []string{"Opening", "Opened", "Plan", "Sent", "Raise", "Tried"} {
		for _, id := range []int64{1, 3} {
			if err := calls[name](t.Context(), id); !errors.Is(err, journal.ErrNotPending) {
				t.Errorf("%s of %d: %v", name, id, err)
			}
		}
	}
	equal(t, "pending", pending(t, j), batch(2))

	synctest.Test(t, func(t *testing.T) { // which makes the wait for the lock short
		if _, err := journal.Open(path); !errors.Is(err, journal.ErrLocked) {
			t.Errorf("opened twice: %v", err)
		}
	})
	check(t, j.Close())
	for name, call := range calls {
		if err := call(t.Context(), 2); !errors.Is(err, journal.ErrClosed) {
			t.Errorf("%s of a closed journal: %v", name, err)
		}
	}
	check(t, os.WriteFile(path, []byte("云泽日报"), 0o600))
	if _, err := journal.Open(path); !errors.Is(err, journal.ErrDamaged) {
		t.Errorf("damaged: %v", err)
	}
}

// TestAtOnce has many lanes take, answer and end updates at the same time, given
// twice each, where time stands still until all wait.
func TestAtOnce(t *testing.T) {
	const lanes, each = 30, 12
	path := temp(t)
	synctest.Test(t, func(t *testing.T) {
		j := open(t, path)
		var mu sync.Mutex
		fresh := make(map[int64]int)
		var all sync.WaitGroup
		for lane := range int64(2 * lanes) {
			lane %= lanes
			all.Go(func() {
				for n := range int64(each) {
					id := lane*each + n
					got, err := j.Take(t.Context(), []journal.Entry{entry(id, lane)})
					check(t, err)
					mu.Lock()
					fresh[id] += len(got)
					mu.Unlock()
					if len(got) == 0 {
						continue
					}
					check(t, j.Plan(t.Context(), id, []byte("reply"), id))
					check(t, j.Sent(t.Context(), id, 0, id+1))
					time.Sleep(time.Millisecond)
					if n%2 == 0 {
						check(t, j.Done(t.Context(), id))
					}
					if id%50 == 0 {
						check(t, j.Compact(t.Context()))
					}
				}
			})
		}
		all.Wait()
		for id, n := range fresh {
			if n != 1 {
				t.Errorf("update %d was fresh %d times", id, n)
			}
		}
		if len(fresh) != lanes*each {
			t.Errorf("%d updates were taken", len(fresh))
		}
	})
	last := make(map[int64]int64)
	left := pending(t, open(t, path))
	for _, e := range left {
		if e.ID%2 != 1 || string(e.Plan) != "reply" || !cmp.Equal(e.Sent, []int64{e.ID + 1}) {
			t.Errorf("entry %+v", e)
		}
		if before, ok := last[e.Lane]; ok && before >= e.ID {
			t.Errorf("lane %d: %d comes after %d", e.Lane, e.ID, before)
		}
		last[e.Lane] = e.ID
	}
	equal(t, "entries left", len(left), lanes*each/2)
}
