package main

import (
	"context"
	"net/url"
	"strings"

	"github.com/spf13/pflag"
	"golang.org/x/text/width"

	"wenbao/rag/llm"
)

type configCommand struct{}

func (c *configCommand) flags(a *app, fs *pflag.FlagSet) {
	a.global.jsonOutput(a, fs)
	a.global.library(a, fs)
	a.global.models(a, fs)
}

type configJSON struct {
	// File is the configuration file, FileRead whether there is one.
	File     string        `json:"file"`
	FileRead bool          `json:"file_read"`
	Data     string        `json:"data"`
	Settings []settingJSON `json:"settings"`
}

type settingJSON struct {
	Name string `json:"name"`
	// Value is "(set)" for a key.
	Value string `json:"value"`
	// From is default, file, environment or flag; Where is which.
	From  string `json:"from"`
	Where string `json:"where"`
}

// hidden is shown in place of a key.
const hidden = "(set)"

func (c *configCommand) run(_ context.Context, a *app, args []string) error {
	if len(args) > 0 {
		return usagef(a.m.TooManyArgs, args[0])
	}
	s, err := a.settings()
	if err != nil {
		return err
	}
	out, err := c.inForce(a, &s)
	if err != nil {
		return err
	}
	if a.global.json {
		err = writeJSON(a.Stdout, out)
	} else {
		err = a.print(a.m.inForce(out))
	}
	if err != nil {
		return err
	}
	if _, err = a.models(); err != nil { // what is wrong with a value comes after all of them
		return err
	}
	_, err = a.botSettings(&s)
	return err
}

// inForce lists what is in force. No key is read for it.
func (c *configCommand) inForce(a *app, s *settings) (configJSON, error) {
	data, err := a.dataDir()
	if err != nil {
		return configJSON{}, err
	}
	file, _ := a.configFile()
	out := configJSON{File: file, FileRead: s.file != "", Data: data}
	for _, name := range settingNames() {
		v := s.get(name)
		shown := settingJSON{Name: name, Value: v.value, From: v.from.String(), Where: v.where}
		switch {
		case v.from == fromDefault:
			shown.Value = defaultOf(name, s)
		case isSecret(name), isAddress(name) && hasSecret(v.value):
			shown.Value = hidden
		}
		out.Settings = append(out.Settings, shown)
	}
	return out, nil
}

// hasSecret reports whether an address may hold a password or a key, which it is
// not to.
func hasSecret(address string) bool {
	u, err := url.Parse(address)
	return err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Contains(address, "@")
}

// String is for JSON.
func (o origin) String() string {
	return [...]string{fromDefault: "default", fromFile: "file", fromEnv: "environment", fromFlag: "flag"}[o]
}

// defaultOf is what holds where a setting is not set, "" where nothing does.
func defaultOf(name string, s *settings) string {
	switch name {
	case setModel, setReranker:
		return specNone
	case setEmbedder:
		return specBuiltin
	case setModelURL, setEmbedderURL:
		if kindOf(s.get(strings.TrimSuffix(name, "_url")).value) == llm.KindOllama {
			return llm.DefaultOllamaURL
		}
	case setTimeLimit:
		return defaultTimeLimit.String()
	case setNoCache:
		return "false"
	}
	return ""
}

// inForce writes the settings that have a value in columns: name, value, and
// where it is from.
func (m *messages) inForce(c configJSON) string {
	file := ""
	if !c.FileRead {
		file = m.ConfigNone
	}
	rows := [][3]string{{"config", c.File, file}, {"data", c.Data, ""}}
	for _, s := range c.Settings {
		if s.Value == "" {
			continue
		}
		where := s.Where
		if where == "" {
			where = m.ConfigDefault
		}
		rows = append(rows, [3]string{s.Name, s.Value, where})
	}
	return columns(rows)
}

// columns lines rows up, and leaves no space at their ends.
func columns(rows [][3]string) string {
	var wide [2]int
	for _, r := range rows {
		for i := range wide {
			wide[i] = max(wide[i], cells(r[i]))
		}
	}
	var b strings.Builder
	for _, r := range rows {
		line := ""
		for i := range wide {
			line += r[i] + strings.Repeat(" ", wide[i]-cells(r[i])+2)
		}
		b.WriteString(strings.TrimRight(line+r[2], " ") + "\n")
	}
	return b.String()
}

// cells is how wide a terminal shows a text: two for a Chinese character.
func cells(s string) int {
	n := 0
	for _, r := range s {
		n++
		if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}
