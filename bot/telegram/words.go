package telegram

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"
)

// words are what is asked of the bot in a text.
type words struct {
	command string // in lower case, "" for none
	text    string // all else but mentions of the bot
	called  bool   // the bot is mentioned or commanded
	named   bool   // the command carries the bot's name
	others  bool   // the text begins with a command for another bot
}

// byteRange is a half-open range of bytes in a text.
type byteRange struct{ start, end int }

// botCommand is a command in a text.
type botCommand struct {
	byteRange
	name, bot string // bot is "" where none is named
	// loose is one that only we take for a command: Telegram does not mark it.
	loose bool
}

// readWords reads a text. The command is the first one that names the bot or
// no bot, wherever it stands; the words before it count as much as those after.
func readWords(text string, entities []models.MessageEntity, me self) words {
	var r words
	cut := findMentions(text, entities, me)
	r.called = len(cut) > 0
	for _, c := range findCommands(text, entities) {
		if c.bot != "" && !strings.EqualFold(c.bot, me.Username) {
			r.others = r.others || c.start == 0
			continue
		}
		r.command, r.named = strings.ToLower(c.name), c.bot != ""
		r.called = r.called || !c.loose || c.bot != ""
		cut = append(cut, c.byteRange)
		break
	}
	r.text = without(text, cut)
	return r
}

// findMentions finds where the bot is named. Telegram marks no mention that touches
// a Han character (请问@name 或@name请问), so that the text is searched instead of
// its entities; only a mention of a user's shown name is known by those alone.
func findMentions(text string, entities []models.MessageEntity, me self) []byteRange {
	var found []byteRange
	for i := 0; i < len(text); i++ {
		if text[i] != '@' || i > 0 && (inName(text[i-1]) || strings.IndexByte("@/", text[i-1]) >= 0) {
			continue
		}
		end := i + 1 + nameLen(text[i+1:])
		if end > i+1 && strings.EqualFold(text[i+1:end], me.Username) {
			found = append(found, byteRange{i, end})
		}
	}
	for _, e := range entities {
		if e.Type != models.MessageEntityTypeTextMention || e.User == nil || e.User.ID != me.ID {
			continue
		}
		if at, ok := byteSpan(text, e.Offset, e.Length); ok {
			found = append(found, at)
		}
	}
	return found
}

// findCommands finds the commands in order: those that Telegram marks, and one at the
// beginning that it does not mark, because Han characters follow without a space
// (/ask几时) or because the slash is the full-width one of Chinese keyboards.
func findCommands(text string, entities []models.MessageEntity) []botCommand {
	var found []botCommand
	for _, e := range entities {
		if e.Type != models.MessageEntityTypeBotCommand {
			continue
		}
		if at, ok := byteSpan(text, e.Offset, e.Length); ok {
			if c, ok := parseCommand(text[:at.end], at.start); ok {
				found = append(found, c)
			}
		}
	}
	slices.SortFunc(found, func(a, b botCommand) int { return cmp.Compare(a.start, b.start) })
	if len(found) > 0 && found[0].start == 0 {
		return found
	}
	if c, ok := parseCommand(text, 0); ok && !strings.HasPrefix(text[c.end:], "/") {
		c.loose = true
		found = slices.Insert(found, 0, c)
	}
	return found
}

// maxCommand is the longest name that a command can have.
const maxCommand = 32

// parseCommand reads a command that starts at a byte of the text: a slash, an
// ASCII letter, and what can follow in a name, then perhaps @ and a bot's name.
func parseCommand(text string, start int) (botCommand, bool) {
	rest, ok := strings.CutPrefix(text[start:], "/")
	if !ok {
		rest, ok = strings.CutPrefix(text[start:], "／")
	}
	n := nameLen(rest)
	if !ok || n == 0 || n > maxCommand || !isLetter(rest[0]) {
		return botCommand{}, false
	}
	c := botCommand{name: rest[:n]}
	rest = rest[n:]
	if after, ok := strings.CutPrefix(rest, "@"); ok {
		c.bot = after[:nameLen(after)]
		rest = after[len(c.bot):]
	}
	c.byteRange = byteRange{start, len(text) - len(rest)}
	return c, true
}

// nameLen is how many bytes at the beginning of s can be part of a name.
func nameLen(s string) int {
	n := 0
	for n < len(s) && inName(s[n]) {
		n++
	}
	return n
}

func inName(c byte) bool {
	return isLetter(c) || '0' <= c && c <= '9' || c == '_'
}

func isLetter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// addressed is what may stand between the bot's name and what is said to it.
const addressed = " \t\n,，:：、"

// without gives the text with ranges taken out of it. Where a range had blanks on
// both sides those before it are kept.
func without(text string, cut []byteRange) string {
	slices.SortFunc(cut, func(a, b byteRange) int { return cmp.Compare(a.start, b.start) })
	var b strings.Builder
	done, first := 0, false
	for _, c := range cut {
		if c.start < done { // ranges that overlap: the first counts
			continue
		}
		b.WriteString(joint(b.String(), text[done:c.start]))
		first = first || strings.TrimSpace(text[:c.start]) == ""
		done = c.end
	}
	b.WriteString(joint(b.String(), text[done:]))
	kept := b.String()
	if first {
		kept = strings.TrimLeft(kept, addressed)
	}
	return validText(kept)
}

// joint gives what is added to left, without blanks at its start if left ends
// with one.
func joint(left, right string) string {
	if last, _ := utf8.DecodeLastRuneInString(left); left != "" && strings.TrimSpace(string(last)) == "" {
		return strings.TrimLeft(right, " \t\u3000")
	}
	return right
}

// byteSpan turns an entity's range in UTF-16 units into one in bytes, and reports
// false for a range that is not within the text or cuts a character.
func byteSpan(text string, offset, length int) (byteRange, bool) {
	s := byteRange{-1, -1}
	units := 0
	for i, r := range text {
		if units == offset {
			s.start = i
		}
		if units == offset+length {
			s.end = i
		}
		units += unitsOf(r)
	}
	if units == offset+length {
		s.end = len(text)
	}
	return s, s.start >= 0 && s.end > s.start
}

// unitsOf is how many UTF-16 units a character takes.
func unitsOf(r rune) int {
	return max(1, utf16.RuneLen(r))
}
