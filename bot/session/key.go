package session

import (
	"encoding/binary"
	"time"

	"wenbao/bot"
)

// Keys begin with what they are looked up by, so that what belongs to a user, or
// to a time, lies together. Numbers are written so that their bytes sort as they do.

const numberSize = 8

func appendNumber(b []byte, n int64) []byte {
	return binary.BigEndian.AppendUint64(b, uint64(n)^(1<<63)) // negative ones first
}

func number(b []byte) int64 { return int64(binary.BigEndian.Uint64(b) ^ (1 << 63)) }

// timeKey begins the keys of all that was at a time.
func timeKey(t time.Time) []byte {
	b := appendNumber(nil, t.Unix())
	return binary.BigEndian.AppendUint32(b, uint32(t.Nanosecond()))
}

// timeSize is the length of what timeKey writes.
const timeSize = numberSize + 4

// userKey begins the keys of all that is a user's.
func userKey(user int64) []byte { return appendNumber(nil, user) }

// afterUser is after the keys of all that is a user's, nil where these are the last.
func afterUser(user int64) []byte {
	if user == 1<<63-1 {
		return nil
	}
	return userKey(user + 1)
}

func appendSessionKey(b []byte, k bot.Key) []byte {
	b = appendNumber(b, k.User)
	b = appendNumber(b, k.Chat)
	return appendNumber(b, int64(k.Thread))
}

func sessionKey(k bot.Key) []byte { return appendSessionKey(nil, k) }

// parseSessionKey reads what sessionKey wrote.
func parseSessionKey(b []byte) bot.Key {
	return bot.Key{User: number(b), Chat: number(b[numberSize:]), Thread: int(number(b[2*numberSize:]))}
}

func usedKey(used time.Time, k bot.Key) []byte { return appendSessionKey(timeKey(used), k) }

// answerOfKey is for an answer's ID by its user, and for an opinion by its own.
func answerOfKey(user int64, id string) []byte { return append(userKey(user), id...) }

func answerAtKey(at time.Time, id string) []byte { return append(timeKey(at), id...) }

// opinionOnKey is for an opinion by the user of the answer that it is on.
func opinionOnKey(asker, user int64, id string) []byte {
	return append(appendNumber(userKey(asker), user), id...)
}
