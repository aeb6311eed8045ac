package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"wenbao/rag/lexical"
	"wenbao/rag/llm"
)

// env is all that a run takes from the process around it.
type env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	Now            func() time.Time
	// HTTP carries the requests to servers that are configured; nil is the network.
	HTTP http.RoundTripper
}

// app is one run of the program.
type app struct {
	env
	global globalFlags
	m      messages
	// What takes a while to load is loaded when it is first asked for.
	analyzer func() (*lexical.Analyzer, error)
	places   func() (places, error)
	settings func() (settings, error)
	embedder func() (*llm.Embedder, error) // nil for the built-in one
}

// command is one of wenbao's commands. A value is used for one run.
type command interface {
	// flags declares the command's own flags and those it shares with others.
	flags(a *app, fs *pflag.FlagSet)
	// run does the work. Args are what is left of the line without flags.
	run(ctx context.Context, a *app, args []string) error
}

// commandNames are in the order of the overview.
func commandNames() []string {
	return []string{"ingest", "articles", "ask", "search", "chat", "bot", "show", "verify", "doctor", "config", "eval", "version", "help"}
}

func newCommand(name string) (command, bool) {
	switch name {
	case "ingest":
		return &ingestCommand{}, true
	case "articles":
		return &articlesCommand{}, true
	case "ask":
		return &askCommand{}, true
	case "search":
		return &searchCommand{}, true
	case "chat":
		return &chatCommand{}, true
	case "bot":
		return &botCommand{}, true
	case "show":
		return &showCommand{}, true
	case "verify":
		return &verifyCommand{}, true
	case "doctor":
		return &doctorCommand{}, true
	case "config":
		return &configCommand{}, true
	case "eval":
		return &evalCommand{}, true
	case "version":
		return &versionCommand{}, true
	case "help":
		return &helpCommand{}, true
	}
	return nil, false
}

// run is the whole program; it returns the exit code.
func run(ctx context.Context, args []string, e env) int {
	a := newApp(args, e)
	err := a.dispatch(ctx, args)
	if err == nil {
		return exitOK
	}
	message, code := a.m.explain(err)
	if message != "" {
		fmt.Fprintln(a.Stderr, "wenbao: "+printable(message))
	}
	return code
}

// newApp is a run of which nothing but the language is known yet.
func newApp(args []string, e env) *app {
	a := &app{env: e, m: catalogue(language(args, e.Getenv))}
	a.analyzer = sync.OnceValues(func() (*lexical.Analyzer, error) { return lexical.NewAnalyzer(nil) })
	a.places = sync.OnceValues(a.loadPlaces)
	a.settings = sync.OnceValues(a.loadSettings)
	a.embedder = sync.OnceValues(a.openEmbedder)
	return a
}

// dispatch finds the command, which may stand after global flags, and runs it.
func (a *app) dispatch(ctx context.Context, args []string) error {
	name, rest, err := a.split(args)
	if errors.Is(err, pflag.ErrHelp) || err == nil && name == "" {
		return a.printHelp("")
	}
	if err != nil {
		return err
	}
	c, ok := newCommand(name)
	if !ok {
		return usagef(a.m.UnknownCommand, name)
	}
	fs := a.flagSet(name)
	a.global.language(a, fs)
	c.flags(a, fs)
	if err := fs.Parse(rest); errors.Is(err, pflag.ErrHelp) {
		return a.printHelp(name)
	} else if err != nil {
		return err
	}
	if err := a.global.check(a.m, fs); err != nil {
		return err
	}
	return c.run(ctx, a, fs.Args())
}

// split takes the command's name out of the line. Only global flags can stand
// before it; they are parsed again together with the command's own. The name is
// "" when the line asks for nothing.
func (a *app) split(args []string) (name string, rest []string, err error) {
	fs := a.flagSet("wenbao")
	fs.SetInterspersed(false)
	var before globalFlags
	before.all(a, fs)
	version := fs.Bool("version", false, "")
	if err := fs.Parse(args); err != nil {
		return "", nil, err
	}
	at := len(args) - fs.NArg()
	switch {
	case fs.NArg() > 0:
		return fs.Arg(0), slices.Concat(args[:at], args[at+1:]), nil
	case *version:
		return "version", nil, nil
	case fs.NFlag() == 0, fs.NFlag() == 1 && fs.Changed("lang"):
		return "", nil, nil
	}
	return "", nil, usage(a.m.NoCommand)
}

func (a *app) flagSet(name string) *pflag.FlagSet {
	fs := pflag.NewFlagSet(name, pflag.ContinueOnError)
	fs.SetOutput(io.Discard) // errors are worded by messages.explain
	fs.SortFlags = false
	fs.Usage = func() {}
	return fs
}

// note writes one line for the user beside the output.
func (a *app) note(format string, args ...any) {
	fmt.Fprintln(a.Stderr, "wenbao: "+printable(fmt.Sprintf(format, args...)))
}

// print writes text to standard output, without what would steer a terminal.
func (a *app) print(text string) error {
	_, err := io.WriteString(a.Stdout, printable(text))
	return err
}

// question joins the arguments of a line, so that a question with spaces needs
// no quotes.
func question(args []string) string { return strings.TrimSpace(strings.Join(args, " ")) }
