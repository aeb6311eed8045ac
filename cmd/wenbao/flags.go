package main

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"wenbao/corpus"
	"wenbao/corpus/source"
)

// globalFlags are the flags that several commands share. They may stand before
// the command's name as well as after it.
type globalFlags struct {
	lang      string
	json      bool
	data      string
	corpus    []string
	gazetteer []string
	newspaper string
	date      string
	edition   string
	config    string
	log       bool
	// given are the settings on the line, by name.
	given map[string]string
	// meta is made of newspaper, date and edition by check.
	meta corpus.Meta
}

func (g *globalFlags) all(a *app, fs *pflag.FlagSet) {
	g.language(a, fs)
	g.jsonOutput(a, fs)
	g.library(a, fs)
	g.source(a, fs)
	g.files(a, fs)
	g.models(a, fs)
}

func (g *globalFlags) language(a *app, fs *pflag.FlagSet) {
	fs.StringVar(&g.lang, "lang", langAuto, a.m.FlagLang)
}

func (g *globalFlags) jsonOutput(a *app, fs *pflag.FlagSet) {
	fs.BoolVar(&g.json, "json", false, a.m.FlagJSON)
}

func (g *globalFlags) library(a *app, fs *pflag.FlagSet) {
	fs.StringVar(&g.data, "data", "", a.m.FlagData)
}

// source is for commands that read a collection, be it a library or files.
func (g *globalFlags) source(a *app, fs *pflag.FlagSet) {
	fs.StringArrayVar(&g.corpus, "corpus", nil, a.m.FlagCorpus)
}

// files is for commands that can read files.
func (g *globalFlags) files(a *app, fs *pflag.FlagSet) {
	fs.StringArrayVar(&g.gazetteer, "gazetteer", nil, a.m.FlagGazetteer)
	fs.StringVar(&g.newspaper, "newspaper", "", a.m.FlagNewspaper)
	fs.StringVar(&g.date, "date", "", a.m.FlagDate)
	fs.StringVar(&g.edition, "edition", "", a.m.FlagEdition)
}

// collection declares everything that a command over a collection takes.
func (g *globalFlags) collection(a *app, fs *pflag.FlagSet) {
	g.jsonOutput(a, fs)
	g.library(a, fs)
	g.source(a, fs)
	g.files(a, fs)
}

// questions declares everything that a command takes that answers.
func (g *globalFlags) questions(a *app, fs *pflag.FlagSet) {
	g.models(a, fs)
	g.collection(a, fs)
}

// check reads the values that have a form and refuses flags that say nothing
// together.
func (g *globalFlags) check(m messages, fs *pflag.FlagSet) error {
	if _, ok := parseLanguage(g.lang); !ok && g.lang != langAuto {
		return usagef(m.BadLang, g.lang)
	}
	g.takeSettings(fs)
	date, err := corpus.ParseDate(g.date)
	if err != nil {
		return usagef(m.BadDate, "--date", g.date)
	}
	g.meta = corpus.Meta{Newspaper: g.newspaper, Date: date, Edition: g.edition}
	if err := (source.Options{Meta: g.meta}).Validate(); err != nil {
		return usagef(m.BadEdition, g.edition) // the date is good
	}
	takesCorpus := fs.Lookup("corpus") != nil
	if takesCorpus && len(g.corpus) == 0 && g.meta != (corpus.Meta{}) {
		return usage(m.MetaNeedsCorpus)
	}
	hasOwnData := fs.Lookup(flagOf(setKeep)) != nil // a bot remembers conversations also over files
	if len(g.corpus) > 0 && g.data != "" && !hasOwnData {
		return usage(m.CorpusOrData)
	}
	return nil
}

// errNoHome says that no place for the library could be worked out.
var errNoHome = errors.New("no data directory")

// dataDir is where the library lies: --data, WENBAO_DATA, or the place that the
// system has for a user's data.
func (a *app) dataDir() (string, error) {
	if dir := cmp.Or(a.global.data, a.Getenv("WENBAO_DATA")); dir != "" {
		return dir, nil
	}
	home := a.Getenv("HOME")
	under := func(parent string, more ...string) (string, error) {
		if parent == "" {
			return "", errNoHome
		}
		return filepath.Join(append([]string{parent}, more...)...), nil
	}
	switch runtime.GOOS {
	case "windows":
		return under(a.Getenv("LocalAppData"), "wenbao")
	case "darwin":
		return under(home, "Library", "Application Support", "wenbao")
	}
	if dir := a.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "wenbao"), nil // a relative one is to be ignored, by its specification
	}
	return under(home, ".local", "share", "wenbao")
}

// Languages of the program's own words.
const (
	langAuto = "auto"
	langZH   = "zh"
	langEN   = "en"
)

// language tells in which language to talk. It looks at the line before it is
// parsed, because also what is wrong with the line has to be said.
func language(args []string, getenv func(string) string) string {
	given := ""
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if value, ok := strings.CutPrefix(arg, "--lang="); ok {
			given = value
		} else if arg == "--lang" && i+1 < len(args) {
			given = args[i+1]
		}
	}
	if lang, ok := parseLanguage(given); ok {
		return lang
	}
	locale := cmp.Or(getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG"))
	if strings.HasPrefix(strings.ToLower(locale), langZH) {
		return langZH
	}
	return langEN
}

func parseLanguage(s string) (lang string, ok bool) {
	switch s {
	case langZH, langEN:
		return s, true
	}
	return "", false
}

// stdinTaken refuses to read standard input both as a page and as questions.
func (a *app) stdinTaken() error {
	if slices.Contains(a.global.corpus, source.Stdin) {
		return usage(a.m.StdinTwice)
	}
	return nil
}

// moreCorpus takes further files off both ends of the arguments, so that a
// shell's pattern works: --corpus pages/*.txt QUESTION. They count as such when
// --corpus was given, they exist, and at least keep arguments are left.
func (a *app) moreCorpus(args []string, keep int) []string {
	if len(a.global.corpus) == 0 {
		return args
	}
	isFile := func(name string) bool {
		_, err := os.Stat(name)
		return err == nil
	}
	for len(args) > keep && isFile(args[0]) {
		a.global.corpus = append(a.global.corpus, args[0])
		args = args[1:]
	}
	for last := len(args) - 1; last >= keep && isFile(args[last]); last-- {
		a.global.corpus = append(a.global.corpus, args[last])
		args = args[:last]
	}
	return args
}
