package journal_test

import (
	"testing"
	"time"

	"wenbao/bot/journal"
)

// TestFloors has floors of what is done outlive it, until Prune.
func TestFloors(t *testing.T) {
	ctx, path := t.Context(), temp(t)
	j := open(t, path)
	_, err := j.Take(ctx, []journal.Entry{entry(1, 7), entry(2, 7), entry(3, -8)})
	check(t, err)
	check(t, j.Plan(ctx, 1, []byte("p"), 40))
	check(t, j.Sent(ctx, 1, 0, 45))
	check(t, j.Done(ctx, 1))
	check(t, j.Plan(ctx, 3, []byte("p"), 12))
	check(t, j.Close())

	j = open(t, path)
	got, err := j.Floors(ctx)
	check(t, err)
	equal(t, "floors", got, map[int64]int64{7: 45, -8: 12})
	check(t, j.Prune(ctx, time.Now().Add(time.Hour)))
	got, err = j.Floors(ctx)
	check(t, err)
	equal(t, "floors of what is pending", got, map[int64]int64{7: 0, -8: 12})
}
