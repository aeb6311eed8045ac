package bottest

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Entity is a part of a text that is more than text. Offset and Length count
// UTF-16 units, as the Bot API does.
type Entity struct {
	// Type is as in the Bot API: bold, italic, blockquote, expandable_blockquote,
	// mention, bot_command, text_mention, text_link, …
	Type           string
	Offset, Length int
	URL            string // of text_link
	User           *User  // of text_mention
}

// maxUnits is how long a message may be, and maxEntities how many entities of it
// are kept; the rest is shown as plain text.
const (
	maxUnits    = 4096
	maxEntities = 100
)

// Units is the length of a text in UTF-16, as the Bot API counts.
func Units(text string) int {
	n := 0
	for _, r := range text {
		n += runeUnits(r)
	}
	return n
}

// runeUnits is 2 for what UTF-16 writes as a pair.
func runeUnits(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// Covered is the part of a text that an entity is about.
func (e Entity) Covered(text string) string {
	return text[byteOffset(text, e.Offset):byteOffset(text, e.Offset+e.Length)]
}

// byteOffset is where a number of UTF-16 units ends, in bytes.
func byteOffset(text string, units int) int {
	for i, r := range text {
		if units <= 0 {
			return i
		}
		units -= runeUnits(r)
	}
	return len(text)
}

// clean does to a text what the real server does before it looks at it: control
// characters but the line feed become blanks, marks that turn the direction of
// writing go.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\r' || 0x2028 <= r && r <= 0x202E:
			return -1
		case r < ' ':
			return ' '
		}
		return r
	}, text)
}

// trim takes blanks and line feeds off both ends, those at the beginning only
// where no entity covers them, and moves the entities.
func trim(text string, entities []Entity) (string, []Entity) {
	text = strings.TrimRight(text, " \n")
	end := Units(text)
	lead := len(text) - len(strings.TrimLeft(text, " \n"))
	var kept []Entity
	for _, e := range entities {
		e.Length = min(e.Length, end-e.Offset)
		if e.Length > 0 {
			lead = min(lead, byteOffset(text, e.Offset))
			kept = append(kept, e)
		}
	}
	for i := range kept {
		kept[i].Offset -= lead // Blanks and line feeds are one unit each.
	}
	return text[lead:], kept
}

// detect finds the mentions and commands in a text, as the real server does for
// what people write. A name that a letter or a digit touches is none, and Han is
// letters: "问@name" mentions nobody, and "/ask问" is no command.
func detect(text string) []Entity {
	var found []Entity
	units := 0
	skip := 0
	for i, r := range text {
		if i >= skip {
			if e, n := detectAt(text, i); n > 0 {
				e.Offset, e.Length = units, n
				found = append(found, e)
				skip = i + n // All ASCII: as many bytes as units.
			}
		}
		units += runeUnits(r)
	}
	return found
}

// detectAt looks for a mention or a command that begins at i; n is its length.
func detectAt(text string, i int) (e Entity, n int) {
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	rest := text[i+1:]
	switch {
	case i > 0 && wordRune(before):
		return Entity{}, 0
	case text[i] == '@':
		name := nameAt(rest)
		if between(name, 2, 32) && !wordRune(firstRune(rest[name:])) {
			return Entity{Type: "mention"}, 1 + name
		}
	case text[i] == '/' && !strings.ContainsRune("/<>", before):
		name := nameAt(rest)
		if !between(name, 1, 64) {
			return Entity{}, 0
		}
		if at, ok := strings.CutPrefix(rest[name:], "@"); ok {
			bot := nameAt(at)
			if !between(bot, 3, 32) {
				return Entity{}, 0
			}
			name += 1 + bot
		}
		if after := firstRune(rest[name:]); !wordRune(after) && !strings.ContainsRune("/<>", after) {
			return Entity{Type: "bot_command"}, 1 + name
		}
	}
	return Entity{}, 0
}

func between(n, low, high int) bool { return low <= n && n <= high }

// nameAt is the length of the ASCII name at the beginning of a text.
func nameAt(text string) int {
	return len(text) - len(strings.TrimLeft(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"))
}

// firstRune is a blank where the text is empty.
func firstRune(text string) rune {
	if text == "" {
		return ' '
	}
	r, _ := utf8.DecodeRuneInString(text)
	return r
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || r == '_'
}

// sortEntities puts entities in the order of the Bot API: by offset, the longer
// one first.
func sortEntities(entities []Entity) {
	slices.SortStableFunc(entities, func(a, b Entity) int {
		return cmp.Or(a.Offset-b.Offset, b.Length-a.Length)
	})
}

// settle drops entities that cannot be where they are: code, links and names
// inside of one another, and quotations inside of quotations, which nested reports.
// The entities are sorted.
func settle(entities []Entity) (kept []Entity, nested bool) {
	var quoteEnd, solidEnd int
	for _, e := range entities {
		switch e.Type {
		case "bold", "italic", "underline", "strikethrough", "spoiler":
		case "blockquote", "expandable_blockquote":
			if e.Offset < quoteEnd {
				nested = true
				continue
			}
			quoteEnd = e.Offset + e.Length
		default:
			if e.Offset < solidEnd {
				continue
			}
			solidEnd = e.Offset + e.Length
		}
		kept = append(kept, e)
	}
	return kept, nested
}

// blank reports whether there is nothing to see in a text.
func blank(text string) bool {
	return strings.TrimFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune("\u2800\ufffc", r)
	}) == ""
}
