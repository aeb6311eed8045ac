package eval

import (
	"path/filepath"
	"strings"
)

// Set are questions about one collection: published ones, of which the documents
// are known that answer them, or our own, of which it is known what is printed.
type Set struct {
	Name string
	// Corpus are the paths of the collection.
	Corpus []string
	// One of these is empty.
	Judged   []Judged
	Expected []Expected
}

// joined stands between the names of sets whose collections are searched as one.
const joined = "+"

// OpenPublished reads the questions of a published set, which lies in a folder as
// NAME.corpus.jsonl.gz and NAME.queries.jsonl.gz. The set A+B are the questions of A
// over the collections of both.
func OpenPublished(folder, name string) (Set, error) {
	s := Set{Name: name}
	names := strings.Split(name, joined)
	for _, part := range names {
		s.Corpus = append(s.Corpus, filepath.Join(folder, part+".corpus.jsonl.gz"))
	}
	var err error
	s.Judged, err = ReadFile(filepath.Join(folder, names[0]+".queries.jsonl.gz"), ReadJudged)
	return s, err
}

// OpenOwn reads questions of our own format about a collection. The set has the
// name of the file.
func OpenOwn(path string, corpus []string) (Set, error) {
	name, _, _ := strings.Cut(filepath.Base(path), ".")
	s := Set{Name: name, Corpus: corpus}
	var err error
	s.Expected, err = ReadFile(path, ReadExpected)
	return s, err
}
