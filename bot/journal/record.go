package journal

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"wenbao/bot/internal/boltfile"
)

// The buckets. A sequence number says when an entry was taken; IDs do not, as
// they may start anew. Bodies and plans lie apart from what changes with each step.
const (
	ids     = "ids"     // ID -> sequence number
	entries = "entries" // sequence number -> record
	bodies  = "bodies"  // sequence number -> Entry.Body
	plans   = "plans"   // sequence number -> Entry.Plan
	done    = "done"    // sequence number -> ending
	state   = "state"   // lastKey -> taken, botKey -> ID of the bot
)

// The keys in state.
const (
	lastKey = "last" // what was taken last
	botKey  = "bot"  // whose updates they are
)

func format() boltfile.Format {
	return boltfile.Format{
		Name: "journal", Version: 1,
		Buckets: []string{ids, entries, bodies, plans, done, state},
	}
}

// record is an entry without its texts.
type record struct {
	ID      int64     `json:"id"`
	Lane    int64     `json:"lane"`
	Taken   time.Time `json:"taken"`
	Floor   int64     `json:"floor,omitempty"`
	Sent    []int64   `json:"sent,omitempty"`
	Opening bool      `json:"opening,omitempty"`
	Opened  int64     `json:"opened,omitempty"`
	Tries   int       `json:"tries,omitempty"`
}

// ending is what stays of an entry that is done.
type ending struct {
	ID    int64     `json:"id"`
	Taken time.Time `json:"taken"`
	Lane  int64     `json:"lane"`
	Floor int64     `json:"floor,omitempty"`
}

// taken says where Take stands.
type taken struct {
	Seq uint64 `json:"seq"` // the last one used
}

// key gives a number as a key; keys are in the order of the numbers.
func key(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// tx is a transaction on a journal.
type tx struct{ *boltfile.Tx }

// own empties the journal where it is another bot's, and says whose it is.
func (t tx) own(bot int64) error {
	id := key(uint64(bot))
	owner, err := t.Get(state, []byte(botKey))
	if err != nil || bytes.Equal(owner, id) {
		return err
	}
	if owner != nil {
		for _, bucket := range []string{ids, entries, bodies, plans, done} {
			err := t.Scan(bucket, nil, nil, func(k, _ []byte) error { return t.Delete(bucket, k) })
			if err != nil {
				return err
			}
		}
	}
	return t.Put(state, []byte(botKey), id)
}

func (t tx) known(id int64) (bool, error) {
	seq, err := t.Get(ids, key(uint64(id)))
	return seq != nil, err
}

// take keeps an entry that is not known.
func (t tx) take(e Entry, now time.Time) error {
	var last taken
	if _, err := t.GetJSON(state, []byte(lastKey), &last); err != nil {
		return err
	}
	last.Seq++
	seq := key(last.Seq)
	return errors.Join(
		t.Put(ids, key(uint64(e.ID)), seq),
		t.Put(bodies, seq, e.Body),
		t.PutJSON(entries, seq, record{ID: e.ID, Lane: e.Lane, Taken: now}),
		t.PutJSON(state, []byte(lastKey), last),
	)
}

// pending finds the record of an entry that is not done.
func (t tx) pending(id int64) (k []byte, r record, err error) {
	k, err = t.Get(ids, key(uint64(id)))
	if err != nil || k == nil {
		return nil, r, err
	}
	ok, err := t.GetJSON(entries, k, &r)
	if err != nil || !ok {
		return nil, r, err
	}
	return k, r, nil
}

// change changes the record of an entry, ErrNotPending where there is none.
func (t tx) change(id int64, change func(k []byte, r *record) error) error {
	k, r, err := t.pending(id)
	if err != nil {
		return err
	}
	if k == nil {
		return fmt.Errorf("update %d: %w", id, ErrNotPending)
	}
	if err := change(k, &r); err != nil {
		return err
	}
	return t.PutJSON(entries, k, r)
}

// end deletes an entry but for its ID.
func (t tx) end(id int64) error {
	k, r, err := t.pending(id)
	if err != nil || k == nil {
		return err
	}
	return errors.Join(
		t.Delete(entries, k), t.Delete(bodies, k), t.Delete(plans, k),
		t.PutJSON(done, k, ending{r.ID, r.Taken, r.Lane, r.Floor}),
	)
}

// entry puts together the entry that has the record b.
func (t tx) entry(k, b []byte) (Entry, error) {
	var r record
	if err := json.Unmarshal(b, &r); err != nil {
		return Entry{}, fmt.Errorf("decode entry: %w", err)
	}
	return t.whole(k, r)
}

// find gives a pending entry, false where there is none.
func (t tx) find(id int64) (e Entry, ok bool, err error) {
	k, r, err := t.pending(id)
	if err != nil || k == nil {
		return Entry{}, false, err
	}
	e, err = t.whole(k, r)
	return e, err == nil, err
}

// whole puts a record together with its texts.
func (t tx) whole(k []byte, r record) (Entry, error) {
	body, err := t.Get(bodies, k)
	if err != nil {
		return Entry{}, err
	}
	plan, err := t.Get(plans, k)
	if err != nil {
		return Entry{}, err
	}
	return Entry{
		ID: r.ID, Lane: r.Lane, Body: body, Plan: plan, Floor: r.Floor,
		Sent: r.Sent, Opening: r.Opening, Opened: r.Opened, Tries: r.Tries,
	}, nil
}

// floors gives the highest Floor of each lane.
func (t tx) floors() (map[int64]int64, error) {
	highest := make(map[int64]int64)
	for _, bucket := range []string{entries, done} {
		err := t.Scan(bucket, nil, nil, func(_, value []byte) error {
			var e ending // the fields that a record has as well
			if err := json.Unmarshal(value, &e); err != nil {
				return fmt.Errorf("decode %s: %w", bucket, err)
			}
			highest[e.Lane] = max(highest[e.Lane], e.Floor)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return highest, nil
}

// prune deletes the IDs of what is done and was taken before. What is dated after
// now, by a clock that was wrong, is passed over; it says nothing of what follows.
func (t tx) prune(before, now time.Time) error {
	err := t.Scan(done, nil, nil, func(k, value []byte) error {
		var e ending
		if err := json.Unmarshal(value, &e); err != nil {
			return fmt.Errorf("decode ending: %w", err)
		}
		switch {
		case e.Taken.After(now):
			return nil
		case !e.Taken.Before(before):
			return errEnough
		}
		return errors.Join(t.Delete(done, k), t.Delete(ids, key(uint64(e.ID))))
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// errEnough ends a scan.
var errEnough = errors.New("enough")
