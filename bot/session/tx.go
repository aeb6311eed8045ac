package session

import (
	"errors"
	"fmt"
	"time"

	"wenbao/bot"
	"wenbao/bot/internal/boltfile"
)

// The buckets. Those of an index have empty values.
const (
	sessions  = "sessions"   // sessionKey -> bot.Session
	used      = "used"       // usedKey, an index of sessions by time
	answers   = "answers"    // ID -> bot.Answer
	answersOf = "answers of" // answerOfKey, an index of answers by user
	answersAt = "answers at" // answerAtKey, an index of answers by time
	opinions  = "opinions"   // answerOfKey -> bot.Opinion
	// opinionsOn is an index of opinions by the user whose question was answered.
	opinionsOn = "opinions on" // opinionOnKey
	spending   = "spending"    // userKey -> spent
	switches   = "switches"    // maintenanceKey -> bool
)

const maintenanceKey = "maintenance"

func format() boltfile.Format {
	return boltfile.Format{
		Name: "sessions", Version: 1,
		Buckets: []string{
			sessions, used, answers, answersOf, answersAt, opinions, opinionsOn, spending, switches,
		},
	}
}

// tx is a transaction on the file.
type tx struct{ *boltfile.Tx }

// session gives the session of a conversation, the zero one where there is none.
func (t tx) session(k bot.Key) (s bot.Session, err error) {
	_, err = t.GetJSON(sessions, sessionKey(k), &s)
	return s, err
}

// setSession puts a session in place of one that was used at a time, or deletes
// that one where nothing is left.
func (t tx) setSession(k bot.Key, was time.Time, s bot.Session) error {
	b, err := encodeSession(s)
	if err != nil {
		return err
	}
	if err := t.deleteSession(k, was); err != nil || b == nil {
		return err
	}
	return errors.Join(
		t.Put(sessions, sessionKey(k), b),
		t.Put(used, usedKey(s.Used, k), nil),
	)
}

func (t tx) deleteSession(k bot.Key, was time.Time) error {
	return errors.Join(t.Delete(sessions, sessionKey(k)), t.Delete(used, usedKey(was, k)))
}

// putAnswer puts an answer, b being its JSON, where there is none of its ID.
func (t tx) putAnswer(a bot.Answer, b []byte) error {
	return errors.Join(
		t.Put(answers, []byte(a.ID), b),
		t.Put(answersOf, answerOfKey(a.Key.User, a.ID), nil),
		t.Put(answersAt, answerAtKey(a.At, a.ID), nil),
	)
}

// answer gives the answer of an ID, bot.ErrNotKept where there is none.
func (t tx) answer(id string) (a bot.Answer, err error) {
	ok, err := t.GetJSON(answers, []byte(id), &a)
	if err == nil && !ok {
		err = fmt.Errorf("answer %q: %w", id, bot.ErrNotKept)
	}
	return a, err
}

// deleteAnswer deletes an answer, if there is one.
func (t tx) deleteAnswer(id string) error {
	var a bot.Answer
	ok, err := t.GetJSON(answers, []byte(id), &a)
	if err != nil || !ok {
		return err
	}
	return errors.Join(
		t.Delete(answers, []byte(id)),
		t.Delete(answersOf, answerOfKey(a.Key.User, id)),
		t.Delete(answersAt, answerAtKey(a.At, id)),
	)
}

// putOpinion puts an opinion, b being its JSON, where the user has none of the answer.
func (t tx) putOpinion(o bot.Opinion, b []byte) error {
	return errors.Join(
		t.Put(opinions, answerOfKey(o.User, o.Answer.ID), b),
		t.Put(opinionsOn, opinionOnKey(o.Answer.Key.User, o.User, o.Answer.ID), nil),
	)
}

// deleteOpinion deletes what a user thinks of an answer, if anything.
func (t tx) deleteOpinion(user int64, id string) error {
	var o bot.Opinion
	ok, err := t.GetJSON(opinions, answerOfKey(user, id), &o)
	if err != nil || !ok {
		return err
	}
	return errors.Join(
		t.Delete(opinions, answerOfKey(user, id)),
		t.Delete(opinionsOn, opinionOnKey(o.Answer.Key.User, user, id)),
	)
}

// spend takes one from a user's allowance for a day.
func (t tx) spend(user, event int64, day string, limit int) (bool, error) {
	var s spent
	if _, err := t.GetJSON(spending, userKey(user), &s); err != nil {
		return false, err
	}
	if !s.spend(event, day, limit) {
		return false, nil
	}
	return true, t.PutJSON(spending, userKey(user), s)
}

// forget deletes all that is a user's.
func (t tx) forget(user int64) error {
	from, to := userKey(user), afterUser(user)
	return errors.Join(
		t.Delete(spending, from),
		t.Scan(sessions, from, to, func(key, value []byte) error {
			s, err := decode[bot.Session](value)
			if err != nil {
				return err
			}
			return t.deleteSession(parseSessionKey(key), s.Used)
		}),
		t.Scan(answersOf, from, to, func(key, _ []byte) error {
			return t.deleteAnswer(string(key[numberSize:]))
		}),
		t.Scan(opinions, from, to, func(key, _ []byte) error {
			return t.deleteOpinion(user, string(key[numberSize:]))
		}),
		t.Scan(opinionsOn, from, to, func(key, _ []byte) error {
			return t.deleteOpinion(number(key[numberSize:]), string(key[2*numberSize:]))
		}),
	)
}

// moveSessions looks at the sessions of everybody: groups seldom move.
func (t tx) moveSessions(from, to int64) error {
	return t.Scan(sessions, nil, nil, func(key, value []byte) error {
		k := parseSessionKey(key)
		if k.Chat != from {
			return nil
		}
		s, err := decode[bot.Session](value)
		if err != nil {
			return err
		}
		if err := t.deleteSession(k, s.Used); err != nil {
			return err
		}
		k.Chat = to
		there, err := t.session(k)
		if err != nil {
			return err
		}
		if !empty(there) && !there.Used.Before(s.Used) {
			return nil
		}
		return t.setSession(k, there.Used, s)
	})
}

// moveAnswers looks at all answers.
func (t tx) moveAnswers(from, to int64) error {
	return t.Scan(answers, nil, nil, func(key, value []byte) error {
		a, err := decode[bot.Answer](value)
		if err != nil || a.Key.Chat != from {
			return err
		}
		a.Key.Chat, a.MovedFrom = to, from
		return t.PutJSON(answers, key, a)
	})
}

// expire deletes what was last changed before a time, and counts it. Opinions are
// few beside answers, and are all looked at.
func (t tx) expire(sessionsBefore, answersBefore time.Time) (n int, err error) {
	err = errors.Join(
		t.Scan(used, nil, timeKey(sessionsBefore), func(key, _ []byte) error {
			n++
			k := key[timeSize:]
			return errors.Join(t.Delete(sessions, k), t.Delete(used, key))
		}),
		t.Scan(answersAt, nil, timeKey(answersBefore), func(key, _ []byte) error {
			n++
			return t.deleteAnswer(string(key[timeSize:]))
		}),
		t.Scan(opinions, nil, nil, func(key, value []byte) error {
			v, err := decode[verdict](value)
			if err != nil || !v.At.Before(answersBefore) {
				return err
			}
			n++
			return t.deleteOpinion(number(key), string(key[numberSize:]))
		}),
	)
	return n, err
}
