package main

import (
	"context"
	"errors"
	"io"
	"strings"

	"wenbao/rag"
)

// stream answers a question, and prints the text as it comes where the answerer
// tells it. What was printed is told: the rest is the caller's to print.
func (a *app) stream(ctx context.Context, engine *rag.Engine, q rag.Question) (answer rag.Answer, told string, err error) {
	var said strings.Builder
	answer, err = engine.AskStream(ctx, q, func(piece string) error {
		said.WriteString(piece)
		return a.print(piece)
	})
	if err != nil && said.Len() > 0 {
		// What comes next is an error, and begins a line of its own.
		_, ended := io.WriteString(a.Stdout, "\n")
		err = errors.Join(err, ended)
	}
	return answer, said.String(), err
}
