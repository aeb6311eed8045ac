package bot

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// What buttons carry, all of it within MaxData bytes. <id> is an answer's ID, <n>
// a number from 1, <mark> one of "0", "+" and "-", and in k also "=", which stands
// for source buttons without others.
//
//	s:<id>:<n>          source n in full, as a new message
//	v:<id>:<n>          source n in full, in place of the message
//	x:<id>:<n>          source n in one line, in place of the message
//	k:<id>:<n>:<mark>   page n of the source buttons, with a mark
//	o:<id>:<n>:<mark>   an opinion, "+" or "-", with the buttons at page n
//	l:<id>:<n>:<order>  page n of passages found, by "s"core or "d"ate
//	r:<id>              suggest questions
//	q:<id>:<n>          ask the suggested question n
//	n:<id>              ask again without the standing filter
//	p:<place>           set the standing filter's place, "" for none
//	y:<years>           set its years, "" for none
//	c:                  clear it
const (
	pressSource     = "s"
	pressView       = "v"
	pressFold       = "x"
	pressSources    = "k"
	pressOpinion    = "o"
	pressFound      = "l"
	pressSuggest    = "r"
	pressRelated    = "q"
	pressUnfiltered = "n"
	pressPlace      = "p"
	pressYears      = "y"
	pressClear      = "c"
)

// Flags of a press.
const (
	markNone = "0"
	markGood = "+"
	markBad  = "-"
	// markSources is for source buttons that stand alone, under a list of sources.
	markSources = "="

	byScore = "s"
	byDate  = "d"
)

// press is what a button carries, read.
type press struct {
	verb string
	id   string // of an answer
	n    int
	flag string // mark, or order
	name string // place or years
}

// maxNumber bounds press.n: no list that buttons lead through is longer.
const maxNumber = 999

// String writes the form that parsePress reads.
func (p press) String() string {
	switch p.verb {
	case pressSource, pressView, pressFold, pressRelated:
		return fmt.Sprintf("%s:%s:%d", p.verb, p.id, p.n)
	case pressSources, pressOpinion, pressFound:
		return fmt.Sprintf("%s:%s:%d:%s", p.verb, p.id, p.n, p.flag)
	case pressSuggest, pressUnfiltered:
		return p.verb + ":" + p.id
	case pressPlace, pressYears:
		return p.verb + ":" + p.name
	}
	return p.verb + ":"
}

// parsePress reads what String writes, and nothing else.
func parsePress(data string) (press, bool) {
	verb, rest, ok := strings.Cut(data, ":")
	if !ok || len(data) > MaxData {
		return press{}, false
	}
	p := press{verb: verb}
	switch verb {
	case pressPlace, pressYears:
		p.name = rest
		return p, true
	case pressClear:
		return p, rest == ""
	}
	return p.ofAnswer(strings.Split(rest, ":"))
}

// ofAnswer reads the forms that begin with an answer's ID.
func (p press) ofAnswer(fields []string) (press, bool) {
	var flags []string
	want := 3
	switch p.verb {
	case pressSuggest, pressUnfiltered:
		want = 1
	case pressSource, pressView, pressFold, pressRelated:
		want = 2
	case pressSources:
		flags = []string{markNone, markGood, markBad, markSources}
	case pressOpinion:
		flags = []string{markGood, markBad}
	case pressFound:
		flags = []string{byScore, byDate}
	default:
		return press{}, false
	}
	if len(fields) != want || !isAnswerID(fields[0]) {
		return press{}, false
	}
	p.id = fields[0]
	if want > 1 {
		n, err := strconv.Atoi(fields[1])
		if err != nil || n < 1 || n > maxNumber || strconv.Itoa(n) != fields[1] {
			return press{}, false
		}
		p.n = n
	}
	if want > 2 {
		if !slices.Contains(flags, fields[2]) {
			return press{}, false
		}
		p.flag = fields[2]
	}
	return p, true
}

// answerIDLen is how many characters of base32 an answer's ID has: 65 bits, so
// that no two of the answers kept are the same and none is found by guessing.
const answerIDLen = 13

// answerID is the same whenever the same event is answered.
func answerID(e *Event) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %d", e.ID, e.Chat.ID, e.User.ID))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:answerIDLen])
}

func isAnswerID(s string) bool {
	return len(s) == answerIDLen && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// button is a button that carries a press.
func button(text string, p press) Button { return Button{Text: text, Data: p.String()} }
