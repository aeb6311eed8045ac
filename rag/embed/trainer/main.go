// Command trainer learns the weights of the built-in embedder from a text of one
// article a line, "title<tab>text" or "text":
//
//	GOEXPERIMENT=simd go run ./rag/embed/trainer -text FILE -out rag/embed/weights.bin
//
// GOEXPERIMENT=simd changes the time it takes and not the result.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"wenbao/rag/embed/train"
)

func main() {
	if err := run(os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "trainer:", err)
		os.Exit(1)
	}
}

func run(args []string, progress io.Writer) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var opt train.Options
	var text, out string
	fs := flag.NewFlagSet("trainer", flag.ContinueOnError)
	fs.StringVar(&text, "text", "", "`file` to learn from")
	fs.StringVar(&out, "out", "weights.bin", "`file` to write the weights to")
	fs.StringVar(&opt.Checkpoint, "checkpoint", "", "`file` to keep the state in and to go on from")
	fs.Uint64Var(&opt.Seed, "seed", 1, "seed of all that is drawn")
	fs.IntVar(&opt.Steps, "steps", 0, "steps to take; 0 is the default")
	fs.IntVar(&opt.Batch, "batch", 0, "pairs of a step")
	fs.IntVar(&opt.Words, "words", 0, "words with a vector of their own")
	fs.IntVar(&opt.Dim, "dim", 0, "values of a vector")
	fs.Float64Var(&opt.Rate, "rate", 0, "learning rate")
	fs.Float64Var(&opt.Temperature, "temperature", 0, "temperature of the softmax")
	fs.IntVar(&opt.Every, "every", 0, "steps between two lines of progress")
	if err := fs.Parse(args); err != nil {
		return err
	}
	start := time.Now()
	opt.Progress = func(p train.Progress) {
		h := p.HeldOut
		fmt.Fprintf(progress, "%5.0f s  step %d of %d  loss %.4f  held out: loss %.4f, R@1 %.3f, R@10 %.3f\n",
			time.Since(start).Seconds(), p.Step, p.Steps, p.Loss, h.Loss, h.First, h.Ten)
	}
	weights, err := learn(ctx, text, opt)
	if err != nil {
		return err
	}
	return write(out, weights)
}

func learn(ctx context.Context, text string, opt train.Options) (weights []byte, err error) {
	f, err := os.Open(text)
	if err != nil {
		return nil, err
	}
	defer func() { err = cmp.Or(err, f.Close()) }()
	return train.Run(ctx, f, opt)
}

// write replaces a file as a whole.
func write(path string, b []byte) error {
	next := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".next")
	if err := os.WriteFile(next, b, 0o644); err != nil {
		return err
	}
	return os.Rename(next, path)
}
