package bot

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/source"
)

const (
	// shownArticles is how many articles of a file are listed.
	shownArticles = 10
	// progressStep is by how many per cent reading has to come on to be told.
	progressStep = 10
)

// document adds a file from an admin to the library and tells what is in it.
func (b *Bot) document(ctx context.Context, x *exchange) Reply {
	f, w, limit := x.event.File, x.words, b.opt.Limits.Document
	switch {
	case !x.admin:
		return Say(w.DocumentRefused)
	case !x.event.Chat.Private:
		return Say(w.DocumentPrivate)
	case f == nil || b.opt.Files == nil:
		return Say(w.ReadOnly)
	case !readable(f.Name):
		return Say(fmt.Sprintf(w.DocumentType, strings.Join(extensions(), " ")))
	case limit > 0 && f.Size > limit:
		return Say(fmt.Sprintf(w.DocumentTooLarge, limit>>20))
	}
	in, err := b.ingest(ctx, x, *f)
	switch {
	case errors.Is(err, ErrTooLarge):
		return Say(fmt.Sprintf(w.DocumentTooLarge, limit>>20))
	case errors.Is(err, ErrReadOnly):
		return Say(w.ReadOnly)
	case errors.Is(err, ErrBusy):
		return Say(w.LibraryBusy)
	case err != nil:
		b.opt.Logger.Error("ingest", "event", x.event.ID, "error", withoutName(err))
		return x.trouble()
	}
	return messages(w.ingested(f.Name, in))
}

// ingest fetches a file and reads it in, telling how far it is.
func (b *Bot) ingest(ctx context.Context, x *exchange, f File) (in Ingested, err error) {
	limit := b.opt.Limits.Document
	if limit <= 0 {
		limit = 1 << 40 // no limit
	}
	r, err := b.opt.Files.Open(ctx, f, limit)
	if err != nil {
		return Ingested{}, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	told := 0
	x.show(Text(fmt.Sprintf(x.words.Reading, told)))
	return b.opt.Library.Ingest(ctx, f.Name, r, func(done, total int64) {
		if total <= 0 {
			return
		}
		if percent := int(100 * done / total); percent >= told+progressStep {
			told = percent
			x.show(Text(fmt.Sprintf(x.words.Reading, told)))
		}
	})
}

// extensions are those of the formats that package source reads.
func extensions() []string {
	return []string{".txt", ".text", ".md", ".html", ".htm", ".jsonl", ".ndjson"}
}

// readable goes by the extension; ".gz" after it is no matter.
func readable(name string) bool {
	name = strings.TrimSuffix(strings.ToLower(name), ".gz")
	return slices.Contains(extensions(), path.Ext(name))
}

// withoutName takes a file's name, which is the user's, out of an error.
func withoutName(err error) error {
	if p, ok := errors.AsType[*source.Problem](err); ok {
		return p.Err
	}
	return err
}

// ingested tells what was found in a file.
func (w *catalogue) ingested(name string, in Ingested) Message {
	head := fmt.Sprintf(w.Ingested, name, len(in.Articles), in.Passages, in.TotalArticles)
	if len(in.Articles) == 0 {
		head = fmt.Sprintf(w.IngestedNothing, name)
	}
	if in.Fragments > 0 {
		head += "\n" + fmt.Sprintf(w.IngestedFragments, in.Fragments)
	}
	if in.Duplicates > 0 {
		head += "\n" + fmt.Sprintf(w.IngestedDuplicates, in.Duplicates)
	}
	if in.Problem != nil {
		head += "\n" + w.problem(in.Problem)
	}
	m := Text(head)
	if len(in.Articles) == 0 {
		return m
	}
	list := Block{}
	bullet := "· "
	for _, a := range in.Articles[:min(len(in.Articles), shownArticles)] {
		list.Pieces = append(list.Pieces, Piece{plain(bullet), bold(w.title(a)), plain(" " + w.printed(firstPart(a)))})
		bullet = "\n· "
	}
	if more := len(in.Articles) - shownArticles; more > 0 {
		list.Pieces = append(list.Pieces, Piece{plain("\n" + fmt.Sprintf(w.AndArticles, more))})
	}
	m.Blocks = append(m.Blocks, list)
	if places := placesOf(in.Articles); len(places) > 0 {
		m.Blocks = append(m.Blocks, Paragraph(fmt.Sprintf(w.CoveragePlaces, w.names(places))))
	}
	return m
}

func firstPart(a *corpus.Article) corpus.Part {
	if len(a.Parts) == 0 {
		return corpus.Part{}
	}
	return a.Parts[0]
}

// placesOf are the places that articles speak for, each once, in order.
func placesOf(articles []*corpus.Article) []string {
	var out []string
	for _, a := range articles {
		for _, p := range a.Facets.Places {
			if !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

// problem says in plain words what is wrong with a file.
func (w *catalogue) problem(err error) string {
	for _, p := range []struct {
		err  error
		text string
	}{
		{source.ErrEmpty, w.FileEmpty},
		{source.ErrBinary, w.FileBinary},
		{source.ErrTooLarge, w.FileTooLarge},
		{source.ErrCharset, w.FileCharset},
		{source.ErrFormat, w.FileFormat},
		{source.ErrTruncated, w.FileTruncated},
		{source.ErrDate, w.FileDate},
	} {
		if errors.Is(err, p.err) {
			return p.text
		}
	}
	return w.FileOther
}
