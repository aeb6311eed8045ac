package eval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"wenbao/corpus"
	"wenbao/corpus/ingest"
	"wenbao/rag"
	"wenbao/rag/index"
)

// RetrievalOptions says what to measure. Corpus, Queries and Ingest.Annotator
// are required; the zero value of every other field is ready for use.
type RetrievalOptions struct {
	// Corpus are the paths of the collection, usually files of JSON lines
	// {id, title, text, date}. Several are searched as one.
	Corpus []string
	// Queries is the path of the questions: see ReadJudged.
	Queries string
	// System is what finds passages; "" means index.Hybrid.
	System index.System
	// K is how many passages are asked for, 0 for DefaultPassages. A document
	// comes where its best passage comes, so there have to be more passages
	// than documents counted.
	K      int
	Ingest ingest.Options
	Index  index.Options
	// Understander makes what reads the questions once the index is there. nil
	// searches for the words of a question and of all turns before it.
	Understander func(*index.Index) rag.Understander
	// Progress, where set, is told of each question answered.
	Progress func(done, total int)
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// DefaultPassages is enough for 20 documents: with 100 and 200, R@20 of
// crud_news is the same to 0.001.
const DefaultPassages = 100

// Validate reports a field that is required and missing, a negative K or an
// unknown System.
func (o *RetrievalOptions) Validate() error {
	switch {
	case len(o.Corpus) == 0:
		return errors.New("eval: no corpus")
	case o.Queries == "":
		return errors.New("eval: no queries")
	case o.K < 0:
		return fmt.Errorf("eval: %d passages", o.K)
	}
	switch o.System {
	case "", index.Hybrid, index.Lexical, index.Dense:
	default:
		return fmt.Errorf("eval: no system %q", o.System)
	}
	return o.Ingest.Validate()
}

// RetrievalReport is what was measured.
type RetrievalReport struct {
	System    index.System `json:"system"`
	K         int          `json:"k"`
	Documents int          `json:"documents"`
	Passages  int          `json:"passages"`
	// Problems is the number of files and lines that could not be read.
	Problems  int `json:"problems"`
	Questions int `json:"questions"`
	// BuildSeconds is the time from files to index. P50 and P95 are the
	// percentiles of the time of one search, in milliseconds, one at a time.
	BuildSeconds float64 `json:"build_seconds"`
	P50          float64 `json:"p50_ms"`
	P95          float64 `json:"p95_ms"`
	Rows         []Row   `json:"rows"`
}

// Retrieval measures how high the documents of a collection come that answer
// the questions. The index is in memory and leaves nothing behind. A question
// whose documents the collection lacks counts as not found.
func Retrieval(ctx context.Context, opt RetrievalOptions) (RetrievalReport, error) {
	if err := opt.Validate(); err != nil {
		return RetrievalReport{}, err
	}
	opt.K = min(cmp.Or(opt.K, DefaultPassages), rag.MaxK)
	opt.System = cmp.Or(opt.System, index.Hybrid)
	if opt.Now == nil {
		opt.Now = time.Now
	}
	report := RetrievalReport{System: opt.System, K: opt.K}
	questions, err := ReadFile(opt.Queries, ReadJudged)
	if err != nil {
		return report, err
	}
	start := opt.Now()
	records, read, err := ingest.Read(ctx, opt.Corpus, opt.Ingest)
	if err != nil {
		return report, fmt.Errorf("read corpus: %w", err)
	}
	ix, err := index.Build(ctx, index.NewMemory(records), opt.Index)
	if err != nil {
		return report, fmt.Errorf("index corpus: %w", err)
	}
	report.BuildSeconds = opt.Now().Sub(start).Seconds()
	report.Documents, report.Passages = read.TotalArticles, ix.Len()
	report.Problems, report.Questions = len(read.Problems), len(questions)
	return report, report.search(ctx, ix, questions, opt)
}

// search asks all questions and fills in the rows and the times.
func (r *RetrievalReport) search(ctx context.Context, ix *index.Index, questions []Judged, opt RetrievalOptions) error {
	understander := rag.Understander(verbatim{})
	if opt.Understander != nil {
		understander = opt.Understander(ix)
	}
	search := func(ctx context.Context, q rag.Question, k int) ([]rag.Hit, error) {
		return ix.SearchWith(ctx, understander.Understand(q), k, index.SearchOptions{System: opt.System})
	}
	var rankings []Ranking
	var times []time.Duration
	for i := range questions {
		ranking, took, err := rankDocuments(ctx, search, &questions[i], opt.K, opt.Now)
		if err != nil {
			return err
		}
		rankings, times = append(rankings, ranking), append(times, took)
		if opt.Progress != nil {
			opt.Progress(i+1, len(questions))
		}
	}
	r.Rows = Summarize(rankings)
	r.P50, r.P95 = percentile(times, 0.50), percentile(times, 0.95)
	return nil
}

// rankDocuments searches k passages for a question and ranks their documents.
func rankDocuments(ctx context.Context, search Search, q *Judged, k int, now func() time.Time) (Ranking, time.Duration, error) {
	start := now()
	hits, err := search(ctx, q.Asked(), k)
	if err != nil {
		return Ranking{}, 0, fmt.Errorf("search for question %s: %w", q.ID, err)
	}
	took := now().Sub(start)
	return rankOf(q.Kind, documents(hits), q.Relevant, q.NearDup), took, nil
}

// verbatim searches for the words of the question and, as much, of what was said before.
type verbatim struct{}

// Understand takes everything as it stands.
func (verbatim) Understand(q rag.Question) rag.Query {
	out := rag.Query{Text: q.Text, Filter: q.Filter}
	for _, t := range q.History {
		for _, text := range []string{t.Question, t.Answer} {
			if text != "" {
				out.Earlier = append(out.Earlier, rag.Said{Text: text, Weight: 1})
			}
		}
	}
	return out
}

// documents are the documents of hits, as often as they have hits.
func documents(hits []rag.Hit) []string {
	out := make([]string, len(hits))
	for i, h := range hits {
		out[i] = Document(h.Article, h.Passage)
	}
	return out
}

// Document is the document that a passage stands in, by its own ID, or by its path
// where it has none.
func Document(a *corpus.Article, p corpus.Passage) string {
	part := rag.Citation{Passage: p, Article: a}.Part()
	return cmp.Or(part.DocID, part.Source)
}

// percentile is the least of the times, in milliseconds, that the share p of
// them does not exceed (nearest rank).
func percentile(times []time.Duration, p float64) float64 {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	i := max(0, int(math.Ceil(p*float64(len(sorted))))-1)
	return sorted[i].Seconds() * 1000
}

// Table is the report's rows.
func (r RetrievalReport) Table() Table { return RowTable(string(r.System), r.Rows) }

// WriteText writes the rows in columns and the rest in a line below them.
func (r RetrievalReport) WriteText(w io.Writer) error {
	if err := r.Table().WriteText(w); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%d documents, %d passages, %d problems, built in %.1f s; %d questions, k %d, p50 %.1f ms, p95 %.1f ms\n",
		r.Documents, r.Passages, r.Problems, r.BuildSeconds, r.Questions, r.K, r.P50, r.P95)
	return err
}
