package baseline

import (
	"context"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/library"
	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/eval"
)

// Documents searches whole articles by pairs of characters, titles in front. A hit
// is an article as one passage.
func Documents(records []library.Record) eval.Search {
	var hits []rag.Hit
	var texts []string
	for i := range records {
		a := &records[i].Article
		hits = append(hits, rag.Hit{Article: a, Passage: corpus.Passage{
			ID: a.ID, Article: a.ID, Span: corpus.Span{End: len(a.Text)}, Text: a.Text,
		}})
		texts = append(texts, a.Title+"\n"+a.Text)
	}
	return searchOf(hits, texts)
}

// Passages searches bare passages by pairs of characters.
func Passages(records []library.Record) eval.Search {
	var hits []rag.Hit
	var texts []string
	for i := range records {
		r := &records[i]
		for _, p := range r.Passages {
			hits = append(hits, rag.Hit{Article: &r.Article, Passage: p})
			texts = append(texts, p.Text)
		}
	}
	return searchOf(hits, texts)
}

// Sentences searches bare sentences by pairs of characters. A hit is a sentence as a
// passage.
func Sentences(records []library.Record) eval.Search {
	var hits []rag.Hit
	var texts []string
	for i := range records {
		r := &records[i]
		for _, p := range r.Passages {
			for _, in := range zh.Sentences(p.Text) {
				sentence := p
				sentence.Span = corpus.Span{Start: p.Span.Start + in.Start, End: p.Span.Start + in.End}
				sentence.Text = in.In(p.Text)
				hits = append(hits, rag.Hit{Article: &r.Article, Passage: sentence})
				texts = append(texts, sentence.Text)
			}
		}
	}
	return searchOf(hits, texts)
}

// searchOf finds hits by their texts, for a question and all that was said before.
func searchOf(hits []rag.Hit, texts []string) eval.Search {
	bigrams := NewBigrams(texts)
	return func(ctx context.Context, q rag.Question, k int) ([]rag.Hit, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		found := bigrams.Search(Said(q), k)
		out := make([]rag.Hit, len(found))
		for i, f := range found {
			out[i] = hits[f.Text]
			out[i].Rank, out[i].Score = i+1, f.Score
		}
		return out, nil
	}
}

// Said is a question with the turns before it, oldest first, a line each.
func Said(q rag.Question) string {
	var b strings.Builder
	for _, t := range q.History {
		b.WriteString(t.Question + "\n" + t.Answer + "\n")
	}
	return b.String() + q.Text
}
