package source

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/text/encoding/unicode"

	"wenbao/corpus"
)

// DefaultMaxBytes is the most bytes of one text file or web page: a newspaper
// page has some 20 KB, a whole year of one newspaper fits.
const DefaultMaxBytes = 64 << 20

// bufferBytes is how much is read at a time, and how far sniffing looks.
const bufferBytes = 64 << 10

// Options says how to read. Its zero value is ready for use.
type Options struct {
	// Meta is what the user says of the page; each field that is set wins over
	// what the file and its path say.
	Meta corpus.Meta
	// MaxBytes is the most bytes of one text file or web page, unpacked; 0 means
	// DefaultMaxBytes. JSON lines are streamed: there only each line has a limit.
	MaxBytes int64
}

// Validate reports a negative size, a day that does not exist, or an edition
// that is no page number.
func (o Options) Validate() error {
	if o.MaxBytes < 0 {
		return fmt.Errorf("max bytes %d: negative", o.MaxBytes)
	}
	if !o.Meta.Date.Valid() {
		return fmt.Errorf("date %v: %w", o.Meta.Date, ErrDate)
	}
	if _, ok := parseEdition(o.Meta.Edition); !ok && o.Meta.Edition != "" {
		return fmt.Errorf("edition %q: %w", o.Meta.Edition, ErrFormat)
	}
	return nil
}

// Read yields the pages of one file, or of in when the path is Stdin; in is not
// used otherwise. Errors are of type *Problem and come without a page. A broken
// line of JSON, a wrong date or a cut end (ErrTruncated) is yielded and reading
// goes on with what is there, pages before their problems; after any other error
// the sequence ends.
//
// The sequence can be walked once for Stdin and any number of times for a file.
// A cancelled context ends it with the context's error; a read that blocks is
// not interrupted.
func Read(ctx context.Context, path string, in io.Reader, opt Options) iter.Seq2[corpus.Page, error] {
	return func(yield func(corpus.Page, error) bool) {
		o := origin{path: path, opt: opt, yield: yield}
		if err := o.read(ctx, in); err != nil {
			o.fail(0, err)
		}
	}
}

// origin is the file being read and the consumer of what is read.
type origin struct {
	path  string
	opt   Options
	yield func(corpus.Page, error) bool
}

// fail yields a problem and reports whether to go on.
func (o *origin) fail(line int, err error) bool {
	return o.yield(corpus.Page{}, &Problem{Path: o.path, Line: line, Err: withoutPath(err)})
}

// page completes p with where it is from and yields it. The page's own Meta is
// what the file says.
func (o *origin) page(p corpus.Page) bool {
	p.Source = strings.ToValidUTF8(filepath.ToSlash(o.path), "?")
	given := o.opt.Meta
	if edition, ok := parseEdition(given.Edition); ok {
		given.Edition = edition
	}
	p.Meta = overlay(given, overlay(p.Meta, metaFromPath(p.Source)))
	return o.yield(p, nil)
}

// read yields everything but the error that ends the sequence.
func (o *origin) read(ctx context.Context, in io.Reader) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := o.opt.Validate(); err != nil {
		return err
	}
	size := int64(0)
	if o.path != Stdin {
		f, err := os.Open(filepath.FromSlash(o.path))
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }() // nothing was written
		if info, err := f.Stat(); err == nil {
			size = info.Size()
		}
		in = f
	}
	r, err := plain(in)
	if err != nil {
		return unpackError(err)
	}
	form := formatOf(o.path)
	if form == unknown {
		form = sniff(r)
	}
	if form == records {
		return o.readRecords(ctx, r)
	}
	maxBytes := o.opt.MaxBytes
	if maxBytes == 0 {
		maxBytes = DefaultMaxBytes
	}
	if size > maxBytes {
		return ErrTooLarge
	}
	return o.readWhole(r, form, maxBytes)
}

// readWhole yields a text file or web page as one page.
func (o *origin) readWhole(r io.Reader, form format, maxBytes int64) error {
	b, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	err = unpackError(err)
	cut := errors.Is(err, ErrTruncated)
	switch {
	case err != nil && !cut:
		return err
	case int64(len(b)) > maxBytes:
		return ErrTooLarge
	case len(bytes.TrimSpace(b)) == 0:
		return ErrEmpty
	}
	text, cutRune, err := decode(b, form)
	if err != nil {
		return err
	}
	var p corpus.Page
	var problems []Problem // with Line and Err
	if form == markup {
		p, err = parseHTML(text)
	} else {
		p, problems = parseText(text)
	}
	if err != nil {
		return err
	}
	if isBlank(p.Text) {
		return ErrEmpty
	}
	if cut || cutRune {
		problems = append(problems, Problem{Err: ErrTruncated})
	}
	if !o.page(p) {
		return nil
	}
	for _, problem := range problems {
		if !o.fail(problem.Line, problem.Err) {
			return nil
		}
	}
	return nil
}

// parseText reads a printed page. Its problems have no path.
func parseText(text string) (corpus.Page, []Problem) {
	front, body, problems := cutFrontMatter(text)
	return corpus.Page{Title: front.title, Meta: front.meta, Text: body}, problems
}

// format is how a file's bytes are read.
type format int

const (
	unknown format = iota
	printed        // text with or without Markdown's marks
	markup         // HTML
	records        // JSON lines
)

// formatOf goes by the extension; ".gz" after it is no matter.
func formatOf(name string) format {
	name = strings.TrimSuffix(strings.ToLower(name), ".gz")
	switch path.Ext(name) {
	case ".txt", ".text", ".md":
		return printed
	case ".html", ".htm":
		return markup
	case ".jsonl", ".ndjson":
		return records
	}
	return unknown
}

// sniff goes by the first character that is not a space.
func sniff(r *bufio.Reader) format {
	head, _ := r.Peek(bufferBytes) // a short head is all there is
	head = bytes.TrimSpace(head)
	switch {
	case bytes.HasPrefix(head, []byte("{")):
		return records
	case bytes.HasPrefix(head, []byte("<")):
		return markup
	}
	return printed
}

// plain unpacks gzip, takes off a byte order mark and makes UTF-16, which only a
// mark can tell, into UTF-8. Other charsets stay as they are.
func plain(r io.Reader) (*bufio.Reader, error) {
	br := bufio.NewReaderSize(r, bufferBytes)
	if startsWith(br, "\x1f\x8b") {
		unpacked, err := gzip.NewReader(br)
		if err != nil {
			return nil, err
		}
		br = bufio.NewReaderSize(unpacked, bufferBytes)
	}
	switch {
	case startsWith(br, "\xef\xbb\xbf"):
		_, err := br.Discard(3)
		return br, err
	case startsWith(br, "\xff\xfe"), startsWith(br, "\xfe\xff"):
		utf16 := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder()
		return bufio.NewReaderSize(utf16.Reader(br), bufferBytes), nil
	}
	return br, nil
}

func startsWith(r *bufio.Reader, prefix string) bool {
	head, _ := r.Peek(len(prefix)) // an error comes again with the next read
	return string(head) == prefix
}

// unpackError says what an error while reading means for the file.
func unpackError(err error) error {
	_, corrupt := errors.AsType[flate.CorruptInputError](err)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return ErrTruncated
	case corrupt, errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return err
}
