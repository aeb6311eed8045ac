package bottest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// tagEntity is the entity that a tag of parse mode HTML makes, "" for a tag that is
// not known.
func tagEntity(tag string) string {
	switch tag {
	case "a":
		return "text_link"
	case "b", "strong":
		return "bold"
	case "i", "em":
		return "italic"
	case "u", "ins":
		return "underline"
	case "s", "strike", "del":
		return "strikethrough"
	case "span", "tg-spoiler":
		return "spoiler"
	case "code", "pre", "blockquote":
		return tag
	}
	return ""
}

// ParseHTML reads parse mode HTML as the real server does, and gives the text
// that people see with its entities. What the real server refuses gives an error
// that says so in its words.
func ParseHTML(html string) (text string, entities []Entity, err error) {
	p := htmlParser{in: html}
	if err := p.run(); err != nil {
		return "", nil, err
	}
	slices.Reverse(p.entities) // Of two that cover the same, the outer one comes first.
	sortEntities(p.entities)
	return p.out.String(), p.entities, nil
}

type htmlParser struct {
	in       string
	pos      int
	out      strings.Builder
	units    int
	open     []openTag
	entities []Entity
}

type openTag struct {
	name, value string // value is of the one attribute that matters
	units       int
	bytes       int
}

func (p *htmlParser) run() error {
	for p.pos < len(p.in) {
		switch p.in[p.pos] {
		case '<':
			if err := p.tag(); err != nil {
				return err
			}
		case '&':
			if err := p.character(); err != nil {
				return err
			}
		default:
			_, size := utf8.DecodeRuneInString(p.in[p.pos:])
			p.write(p.in[p.pos : p.pos+size])
			p.pos += size
		}
	}
	if n := len(p.open); n > 0 {
		return malformed("Can't find end tag corresponding to start tag \"%s\"", p.open[n-1].name)
	}
	return nil
}

// write adds to the text, and cleans it as the real server does afterwards.
func (p *htmlParser) write(s string) {
	s = clean(s)
	p.out.WriteString(s)
	p.units += Units(s)
}

// character writes a reference like &lt; or, where it is none, the & itself.
func (p *htmlParser) character() error {
	r, size := reference(p.in[p.pos:])
	if size == 0 {
		r, size = '&', 1
	}
	if !utf8.ValidRune(r) {
		return malformed("Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units")
	}
	p.write(string(r))
	p.pos += size
	return nil
}

// reference reads a reference at the beginning of a text: the four names that the
// Bot API knows, or a number; size is 0 where there is none.
func reference(s string) (r rune, size int) {
	body := s[1:]
	end := 0
	if strings.HasPrefix(body, "#") {
		base, digits := 10, body[1:]
		if strings.HasPrefix(digits, "x") {
			base, digits = 16, digits[1:]
		}
		for end < len(digits) && isDigit(digits[end], base) {
			end++
		}
		n, err := strconv.ParseUint(digits[:end], base, 32)
		end += len(body) - len(digits)
		const longest = 8 // digits and marks before the semicolon
		if err != nil || n == 0 || n >= utf8.MaxRune || end > longest {
			return 0, 0
		}
		r = rune(n)
	} else {
		for end < len(body) && isLetter(body[end]) {
			end++
		}
		switch body[:end] {
		case "lt":
			r = '<'
		case "gt":
			r = '>'
		case "amp":
			r = '&'
		case "quot":
			r = '"'
		default:
			return 0, 0
		}
	}
	if strings.HasPrefix(body[end:], ";") {
		end++
	}
	return r, 1 + end
}

func isDigit(c byte, base int) bool {
	return '0' <= c && c <= '9' || base == 16 && ('a' <= c|0x20 && c|0x20 <= 'f')
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' || c == 0 }

// word reads up to white space or one of the stops.
func (p *htmlParser) word(stops string) string {
	from := p.pos
	for p.pos < len(p.in) && !isSpace(p.in[p.pos]) && strings.IndexByte(stops, p.in[p.pos]) < 0 {
		p.pos++
	}
	return p.in[from:p.pos]
}

func (p *htmlParser) space() {
	for p.pos < len(p.in) && isSpace(p.in[p.pos]) {
		p.pos++
	}
}

// next is the byte at the position, 0 at the end.
func (p *htmlParser) next() byte {
	if p.pos < len(p.in) {
		return p.in[p.pos]
	}
	return 0
}

func (p *htmlParser) tag() error {
	begin := p.pos
	p.pos++
	if p.next() == '/' {
		p.pos++
		return p.endTag(begin)
	}
	name := strings.ToLower(p.word(">"))
	if p.pos == len(p.in) {
		return malformed("Unclosed start tag at byte offset %d", begin)
	}
	if tagEntity(name) == "" {
		return malformed("Unsupported start tag \"%s\" at byte offset %d", name, begin)
	}
	tag := openTag{name: name, units: p.units, bytes: p.out.Len()}
	for p.space(); p.next() != '>'; p.space() {
		if err := p.attribute(&tag, begin); err != nil {
			return err
		}
	}
	p.pos++
	if name == "span" && tag.value != "tg-spoiler" {
		return malformed("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
	}
	p.open = append(p.open, tag)
	return nil
}

// attribute reads one attribute of a start tag and keeps its value where it matters.
func (p *htmlParser) attribute(tag *openTag, begin int) error {
	unclosed := malformed("Unclosed start tag \"%s\" at byte offset %d", tag.name, begin)
	name := p.word("=>/\"'")
	if name == "" && p.pos < len(p.in) {
		return malformed("Empty attribute name in the tag \"%s\" at byte offset %d", tag.name, begin)
	}
	p.space()
	var value string
	if p.next() == '=' {
		p.pos++
		p.space()
		from := p.pos
		if quote := p.next(); quote == '"' || quote == '\'' {
			value = p.quoted(quote)
		} else {
			value = p.token()
			if c := p.next(); c != '>' && !isSpace(c) {
				return malformed("Unexpected end of name token at byte offset %d", from)
			}
		}
	} else if tag.name == "blockquote" && name == "expandable" {
		value = name
	}
	if p.pos >= len(p.in) {
		return unclosed
	}
	switch tag.name + " " + name {
	case "a href", "code class", "span class":
		tag.value = value
	case "blockquote expandable":
		tag.value = name
	}
	return nil
}

// token reads a value without quotation marks.
func (p *htmlParser) token() string {
	from := p.pos
	for c := p.next(); isLetter(c) || isDigit(c, 10) || c == '.' || c == '-'; c = p.next() {
		p.pos++
	}
	return strings.ToLower(p.in[from:p.pos])
}

// quoted reads a value in quotation marks.
func (p *htmlParser) quoted(quote byte) string {
	var value strings.Builder
	p.pos++
	for p.pos < len(p.in) && p.in[p.pos] != quote {
		if p.in[p.pos] == '&' {
			if r, size := reference(p.in[p.pos:]); size > 0 {
				value.WriteRune(r)
				p.pos += size
				continue
			}
		}
		value.WriteByte(p.in[p.pos])
		p.pos++
	}
	if p.pos < len(p.in) {
		p.pos++
	}
	return value.String()
}

func (p *htmlParser) endTag(begin int) error {
	n := len(p.open)
	if n == 0 {
		return malformed("Unexpected end tag at byte offset %d", begin)
	}
	name := strings.ToLower(p.word(">"))
	p.space()
	if p.next() != '>' {
		return malformed("Unclosed end tag at byte offset %d", begin)
	}
	p.pos++
	tag := p.open[n-1]
	if name != "" && name != tag.name {
		return malformed("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, tag.name, name)
	}
	p.open = p.open[:n-1]
	if p.units > tag.units {
		p.close(tag)
	}
	return nil
}

// close makes the entity of a tag that has some text in it.
func (p *htmlParser) close(tag openTag) {
	e := Entity{Type: tagEntity(tag.name), Offset: tag.units, Length: p.units - tag.units}
	switch {
	case tag.name == "a":
		if e.URL = tag.value; e.URL == "" {
			e.URL = p.out.String()[tag.bytes:]
		}
		if !strings.Contains(e.URL, ".") && !strings.Contains(e.URL, "://") {
			return // no link: the text stays plain
		}
	case tag.name == "blockquote" && tag.value != "":
		e.Type = "expandable_blockquote"
	}
	p.entities = append(p.entities, e)
}

// parseError says in the words of the real server what is wrong with a text.
type parseError string

func (e parseError) Error() string { return string(e) }

func malformed(format string, args ...any) error {
	return parseError(fmt.Sprintf(format, args...))
}
