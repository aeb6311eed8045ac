package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"wenbao/bot"
	"wenbao/corpus"
	"wenbao/corpus/ingest"
	"wenbao/corpus/library"
)

// receivedDir is the folder in the library's that holds what admins sent. It is
// kept, since the library forgets a file of a folder that is read again without it.
const receivedDir = "received"

// receive reads a file that an admin sent into the library in dir. One that gives
// no article is not kept.
func (a *app) receive(ctx context.Context, dir, name string, r io.Reader, tell func(done, total int64)) (found bot.Ingested, err error) {
	places, err := a.places()
	if err != nil {
		return found, err
	}
	file, fresh, err := keepFile(filepath.Join(dir, receivedDir), name, r)
	if err != nil {
		return found, nameless(err)
	}
	defer func() {
		if fresh && (err != nil || len(found.Articles) == 0) {
			err = errors.Join(err, nameless(os.Remove(file)))
		}
	}()
	opt := a.ingestOptions(places)
	opt.Progress = func(p ingest.Progress) { tell(p.Bytes, p.TotalBytes) }
	report, err := ingest.Update(ctx, dir, []string{file}, opt)
	if _, locked := errors.AsType[*library.LockedError](err); locked {
		return found, errors.Join(bot.ErrBusy, err)
	}
	if err != nil {
		return found, err
	}
	found = bot.Ingested{Duplicates: len(report.Duplicates), TotalArticles: report.TotalArticles}
	for _, p := range report.Problems {
		found.Problem = errors.Join(found.Problem, p.Err)
	}
	return found, addArticles(dir, file, &found)
}

// nameless takes the path out of an error of the file system: it holds the name
// that a user gave the file, which belongs in no log.
func nameless(err error) error {
	if bad, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("%s a received file: %w", bad.Op, bad.Err)
	}
	if bad, ok := errors.AsType[*os.LinkError](err); ok {
		return fmt.Errorf("%s a received file: %w", bad.Op, bad.Err)
	}
	return err
}

// addArticles looks up what the library in dir has of a file.
func addArticles(dir, file string, found *bot.Ingested) (err error) {
	lib, err := library.Open(dir)
	if errors.Is(err, library.ErrNoLibrary) {
		return nil
	}
	if err != nil {
		return err
	}
	defer closing(lib, &err)
	file = filepath.ToSlash(file)
	_, key, _ := lib.Source(file)
	for b := range lib.Batches() {
		if b.Key != key {
			continue
		}
		for _, id := range b.Articles {
			record, err := lib.Record(id)
			if err != nil {
				return err
			}
			if !fromOthers(&record.Article, b.Sources, file) {
				add(found, record)
			}
		}
	}
	return nil
}

// fromOthers reports whether an article was printed in other files of a batch
// only. One that the library shows from another batch was not.
func fromOthers(a *corpus.Article, batch []library.Source, file string) bool {
	return !slices.ContainsFunc(a.Parts, func(p corpus.Part) bool {
		isSource := slices.ContainsFunc(batch, func(s library.Source) bool { return s.Path == p.Source })
		return p.Source == file || !isSource
	})
}

func add(found *bot.Ingested, r *library.Record) {
	found.Articles = append(found.Articles, &r.Article)
	found.Passages += len(r.Passages)
	if r.Article.Fragment {
		found.Fragments++
	}
}

// keepFile writes what a user sent into dir under a name made of the user's, and
// gives its absolute path. A file of that name and content that is there already is
// taken for it (fresh is false), since an update may come twice; another of that
// name stays what it is, and the new one goes into a numbered folder beside: the
// name itself may tell newspaper, date and edition.
func keepFile(dir, name string, r io.Reader) (file string, fresh bool, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return "", false, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", false, err
	}
	temp, err := writeTemp(dir, r)
	if err != nil {
		return "", false, err
	}
	name = safeName(name)
	for n := 1; ; n++ {
		folder := dir
		if n > 1 {
			folder = filepath.Join(dir, strconv.Itoa(n))
		}
		file = filepath.Join(folder, name)
		same, err := sameContent(file, temp)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			err = errors.Join(os.MkdirAll(folder, 0o700), os.Rename(temp, file))
			return file, true, err
		case err != nil:
			return "", false, errors.Join(err, os.Remove(temp))
		case same:
			return file, false, os.Remove(temp)
		}
	}
}

// writeTemp writes r to a hidden file in dir and makes it durable, or leaves none.
func writeTemp(dir string, r io.Reader) (file string, err error) {
	f, err := os.CreateTemp(dir, ".receiving-*")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, r)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("receive a file: %w", err), os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// sameContent compares two files, of which only the first may be missing.
func sameContent(file, other string) (bool, error) {
	a, err := os.ReadFile(file)
	if err != nil {
		return false, err
	}
	b, err := os.ReadFile(other)
	return bytes.Equal(a, b), err
}

// maxName is the longest name in bytes: file systems take 255, and the library's
// own temporary names need none of it.
const maxName = 200

// safeName makes the name of a file that a user sent one that stays in its folder
// on every system and is not hidden. Its extensions, by which the format goes, stay.
func safeName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, "_"), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/:*?"<>|`, r) || !unicode.IsPrint(r) || unicode.Is(unicode.Bidi_Control, r) {
			return '_'
		}
		return r
	}, name)
	stem, ext := cutExtensions(strings.Trim(name, " ."))
	ext = cutRunes(ext, maxName/2)
	if stem = cutRunes(stem, maxName-len(ext)); stem == "" {
		stem = "_"
	}
	return strings.TrimRight(stem+ext, " .")
}

// cutExtensions takes .txt off a name, or .jsonl.gz.
func cutExtensions(name string) (stem, ext string) {
	stem, gz := strings.CutSuffix(name, ".gz")
	if gz {
		ext = ".gz"
	}
	inner := path.Ext(stem)
	return strings.TrimSuffix(stem, inner), inner + ext
}

// cutRunes is the beginning of s in at most n bytes.
func cutRunes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
