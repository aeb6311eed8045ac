// Command train learns the weights of package rank and writes them as Go:
//
//	go run ./rag/extract/rank/train -bench ../shared/bench >weights.go && mv weights.go rag/extract/rank/
//
// It needs cmrc2018 and crud_news, each as NAME.corpus.jsonl.gz and
// NAME.queries.jsonl.gz, and takes two minutes on two cores. The same files give
// the same weights. It learns on the half of the questions that eval.HeldOut
// leaves to it:
//
//   - the order of sentences from cmrc2018, by which of them hold the answer;
//   - confidence from both sets, each question once with the documents that answer
//     it and once without any that does;
//   - the least confidence of an answer from what the learned confidence refuses of
//     the questions with these documents.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"

	"wenbao/rag"
	"wenbao/rag/eval"
	"wenbao/rag/eval/bench"
	"wenbao/rag/extract/rank"
	"wenbao/rag/learn"
)

func main() {
	log.SetFlags(0)
	dir := flag.String("bench", "../shared/bench", "folder of the published sets")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *dir)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

// kinds are the questions to learn from, with the share that each has in learning
// confidence: as much for one set as for the other. A third of 1doc_sub cannot be
// understood without its event.
var kinds = map[string]float64{
	"extractive_dev":   1.5,
	"extractive_trial": 0.5,
	"crud_1doc_joined": 1.5,
	"crud_1doc_sub":    0.5,
}

// aimed are the kinds that the least confidence of an answer is set by.
var aimed = []string{"extractive_dev", "crud_1doc_joined"}

func run(ctx context.Context, dir string) error {
	var choices []learn.Choice
	var verdicts []verdict
	for _, name := range []string{"cmrc2018", "crud_news"} {
		s, err := open(ctx, dir, name)
		if err != nil {
			return err
		}
		log.Printf("%s: %d questions to learn from", name, len(s.questions))
		if name == "cmrc2018" {
			more, err := s.choices(ctx)
			if err != nil {
				return err
			}
			choices = append(choices, more...)
		}
		more, err := s.verdicts(ctx)
		if err != nil {
			return err
		}
		verdicts = append(verdicts, more...)
	}
	sentence := learn.Choose(choices, learn.Options{Steps: steps, Rate: rate, Penalty: sentencePenalty})
	evidence, bias := fitVerdicts(verdicts)
	least := leastConfidence(verdicts, evidence, bias)
	return write(os.Stdout, sentence, evidence, bias, least)
}

// set is a collection with questions to learn from.
type set struct {
	engine    *rag.Engine
	ranker    *rank.Ranker
	questions []eval.Judged
}

// open reads and indexes a set.
func open(ctx context.Context, dir, name string) (*set, error) {
	all, err := eval.ReadFile(filepath.Join(dir, name+".queries.jsonl.gz"), eval.ReadJudged)
	if err != nil {
		return nil, err
	}
	collection, err := bench.Open(ctx, filepath.Join(dir, name+".corpus.jsonl.gz"))
	if err != nil {
		return nil, err
	}
	s := &set{
		engine: &rag.Engine{Understander: collection.Understander, Searcher: collection.Index},
		ranker: &rank.Ranker{Words: collection.Words, DF: collection.Index.DF},
	}
	for i := range all {
		if q := &all[i]; kinds[q.Kind] > 0 && !eval.HeldOut(q) {
			s.questions = append(s.questions, *q)
		}
	}
	return s, nil
}

// read reads what the search finds for a question without some documents.
func (s *set) read(ctx context.Context, q *eval.Judged, without []string) (rank.Reading, error) {
	engine := *s.engine
	engine.Searcher = eval.Lacking{Searcher: s.engine.Searcher, Documents: without}
	query, hits, err := engine.Search(ctx, rag.Question{Text: q.Question})
	if err != nil {
		return rank.Reading{}, fmt.Errorf("search for question %s: %w", q.ID, err)
	}
	return s.ranker.Read(query, hits), nil
}

// choices are the sentences found for each question; right are those of the
// question's document that hold an answer.
func (s *set) choices(ctx context.Context) ([]learn.Choice, error) {
	var out []learn.Choice
	for i := range s.questions {
		q := &s.questions[i]
		reading, err := s.read(ctx, q, nil)
		if err != nil {
			return nil, err
		}
		var c learn.Choice
		for n := range reading.Sentences {
			sentence := &reading.Sentences[n]
			c.Features = append(c.Features, sentence.Features[:])
			c.Right = append(c.Right, eval.HoldsAnswer(q, sentence))
		}
		out = append(out, c)
	}
	return out, nil
}

// verdicts are two for each question: one without any document that supports an answer,
// and one with all of them, where they answer it as it is asked.
func (s *set) verdicts(ctx context.Context) ([]verdict, error) {
	count := map[string]float64{}
	for i := range s.questions {
		count[s.questions[i].Kind]++
	}
	var out []verdict
	for i := range s.questions {
		q := &s.questions[i]
		with, err := s.read(ctx, q, nil)
		if err != nil {
			return nil, err
		}
		var lacking rank.Reading
		err = eval.Unsupported(q, func(without []string) ([]rank.Sentence, error) {
			lacking, err = s.read(ctx, q, without)
			return lacking.Sentences, err
		})
		if err != nil {
			return nil, err
		}
		weight := kinds[q.Kind] / count[q.Kind]
		out = append(out, verdict{kind: q.Kind, evidence: lacking.Evidence[:], weight: weight})
		if !eval.Misdated(q, with.Sentences) {
			out = append(out, verdict{kind: q.Kind, evidence: with.Evidence[:], answered: true, weight: weight})
		}
	}
	return out, nil
}
