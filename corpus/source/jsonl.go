package source

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"wenbao/corpus"
)

const (
	// maxLineBytes is the most bytes of one record; a long book has about 3 MB.
	maxLineBytes = 16 << 20
	// maxBadLines is how many lines in a row may be broken before the file is
	// taken to be something else than JSON lines.
	maxBadLines = 100
)

// record is one line; fields of other names are ignored.
type record struct {
	ID        scalar `json:"id"`
	Title     scalar `json:"title"`
	Text      string `json:"text"`
	Date      scalar `json:"date"`
	Newspaper scalar `json:"newspaper"`
	Source    scalar `json:"source"` // the newspaper's name, unless it is an address
	Edition   scalar `json:"edition"`
	Page      scalar `json:"page"` // the edition where it reads as one
}

// scalar is a string or number as text; what else may stand there is "".
type scalar string

// UnmarshalJSON takes any value.
func (s *scalar) UnmarshalJSON(b []byte) error {
	switch {
	case b[0] == '"':
		var text string
		err := json.Unmarshal(b, &text)
		*s = scalar(text)
		return err
	case b[0] == '-' || isDigit(b[0]):
		*s = scalar(b)
	}
	return nil
}

// readRecords yields a page a line.
func (o *origin) readRecords(ctx context.Context, r *bufio.Reader) error {
	lines := lineReader{r: r}
	anything, bad := false, 0
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, ErrTooLarge) {
			return unpackError(err)
		}
		if err == nil && len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		anything = true
		goOn, failed := o.record(line, lines, err)
		if !goOn {
			return nil
		}
		if bad++; !failed {
			bad = 0
		}
		if bad == maxBadLines {
			return fmt.Errorf("%d broken lines in a row: %w", bad, ErrFormat)
		}
	}
	if !anything {
		return ErrEmpty
	}
	return nil
}

// record yields the page of one line, or what is wrong with it. err is what the
// line reader says of it.
func (o *origin) record(line []byte, at lineReader, err error) (goOn, failed bool) {
	var rec record
	if err == nil {
		rec, err = parseRecord(line)
	}
	if errors.Is(err, ErrFormat) && at.unfinished {
		err = fmt.Errorf("%w: %w", ErrTruncated, err)
	}
	if err != nil {
		return o.fail(at.line, err), true
	}
	p, problems := rec.page()
	if !o.page(p) {
		return false, false
	}
	for _, err := range problems {
		if !o.fail(at.line, err) {
			return false, false
		}
	}
	return true, false
}

func parseRecord(line []byte) (record, error) {
	text, _, err := decode(line, records)
	if err != nil {
		return record{}, err
	}
	var rec record
	if err := json.Unmarshal([]byte(text), &rec); err != nil {
		return record{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	rec.Text = clean(rec.Text)
	if isBlank(rec.Text) {
		return record{}, ErrEmpty
	}
	return rec, nil
}

// page is the record as a page, with an error for each field that cannot be read.
func (rec record) page() (p corpus.Page, problems []error) {
	p = corpus.Page{
		DocID:  oneLine(string(rec.ID)),
		Title:  oneLine(string(rec.Title)),
		Text:   rec.Text,
		Single: true,
	}
	p.Newspaper = oneLine(string(rec.Newspaper))
	if p.Newspaper == "" && !strings.Contains(string(rec.Source), "://") {
		p.Newspaper = oneLine(string(rec.Source))
	}
	var err error
	if p.Date, err = readDate(string(rec.Date)); err != nil {
		problems = append(problems, err)
	}
	if p.Edition, err = readEdition(string(rec.Edition)); err != nil {
		problems = append(problems, err)
	}
	if p.Edition == "" {
		if edition, ok := parseEdition(string(rec.Page)); ok {
			p.Edition = edition
		}
	}
	return p, problems
}

// lineReader reads lines of up to maxLineBytes into one buffer.
type lineReader struct {
	r    *bufio.Reader
	buf  []byte
	line int // the number of the line last read, from 1
	// unfinished says that the line last read has no line end.
	unfinished bool
}

// next gives the next line without its end; it is valid until the next call. A
// line that is too long is skipped as ErrTooLarge. After the last line comes io.EOF.
func (l *lineReader) next() ([]byte, error) {
	l.buf = l.buf[:0]
	l.line++
	for size := 0; ; {
		part, err := l.r.ReadSlice('\n')
		size += len(part)
		if size <= maxLineBytes {
			l.buf = append(l.buf, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (size == 0 || !errors.Is(err, io.EOF)):
			return nil, err
		case size > maxLineBytes:
			return nil, ErrTooLarge
		}
		l.unfinished = err != nil
		return bytes.TrimSuffix(l.buf, []byte("\n")), nil
	}
}
