// Command train learns the weights by which package index orders the passages that
// it reads, and writes them as Go:
//
//	go run ./rag/index/train -bench ../shared/bench -ablation testdata/eval/ablation.tsv >w && mv w rag/index/weights.go
//
// It needs cmrc2018, crud_news and kdconv_travel, each as NAME.corpus.jsonl.gz and
// NAME.queries.jsonl.gz, and the sample pages and questions of testdata, and takes
// some minutes on two cores. The same files give the same weights.
//
// It learns on the half of each set's questions that eval.HeldOut leaves to it, as
// much from one set as from the other (see kinds): the article that answers, by its
// best passage, has to come before the others. With -ablation it learns again
// without each feature and writes what that costs on the other half.
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"os/signal"

	"wenbao/rag/eval"
	"wenbao/rag/index"
)

func main() {
	log.SetFlags(0)
	dir := flag.String("bench", "../shared/bench", "folder of the published sets")
	own := flag.String("testdata", "testdata", "folder of the sample pages and their questions")
	ablation := flag.String("ablation", "", "file to write what each feature is worth to")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *dir, *own, *ablation)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, dir, own, ablation string) error {
	examples, err := readAll(ctx, dir, own)
	if err != nil {
		return err
	}
	columns := columnsOf(index.FeatureNames())
	learned := fit(examples, columns)
	if err := write(os.Stdout, learned); err != nil {
		return err
	}
	if ablation == "" {
		return nil
	}
	f, err := os.Create(ablation)
	if err != nil {
		return err
	}
	if err := eval.WriteScores(f, ablate(examples, columns, learned)); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}
