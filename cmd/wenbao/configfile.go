package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
)

// readConfig puts the settings of the configuration file. Its errors name the
// line and never what stands on it, which may be a key in the wrong place.
func (a *app) readConfig(s *settings) error {
	path, named := a.configFile()
	if path == "" {
		return nil
	}
	// A home that may not be entered has none either.
	if _, err := os.Stat(path); err != nil && !named {
		return nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return fail(a.m.inPlace(path, a.m.unread(err)))
	}
	s.file = path
	entries, bad := parseConfig(string(b))
	if bad != nil {
		return fail(a.m.inPlace(a.m.lineOf(path, bad.line), a.m.badEntry(bad)))
	}
	for _, e := range entries {
		if strings.HasSuffix(e.name, "_file") && !filepath.IsAbs(e.value) {
			e.value = filepath.Join(filepath.Dir(path), e.value)
		}
		s.put(e.name, setting{e.value, fromFile, a.m.lineOf(path, e.line)})
	}
	return nil
}

// lineOf names a line of a file, or the file where the line is not known.
func (m *messages) lineOf(path string, line int) string {
	if line == 0 {
		return path
	}
	return fmt.Sprintf(m.FileLine, path, line)
}

// entry is a setting in a configuration file.
type entry struct {
	name, value string
	line        int
}

// badConfig is what is wrong with a configuration file.
type badConfig struct {
	line int
	// key is the key that is wrong, "" where the line is no TOML.
	key     string
	unknown bool
}

// parseConfig reads a configuration file: settings by their names, each a string,
// a number or true or false. They come in the order in which they are shown.
func parseConfig(text string) ([]entry, *badConfig) {
	var tables map[string]toml.Primitive
	meta, err := toml.Decode(text, &tables)
	if bad, ok := errors.AsType[toml.ParseError](err); ok {
		return nil, &badConfig{line: bad.Position.Line}
	}
	if err != nil {
		return nil, &badConfig{}
	}
	var out []entry
	var first *badConfig
	for name, primitive := range tables {
		var v value
		// Only an error tells a position, so there always is one.
		at, _ := errors.AsType[toml.ParseError](meta.PrimitiveDecode(primitive, &v))
		known := slices.Contains(settingNames(), name) && !isSecret(name)
		if known && v.ok {
			out = append(out, entry{name, v.text, at.Position.Line})
			continue
		}
		if first == nil || at.Position.Line < first.line {
			first = &badConfig{line: at.Position.Line, key: name, unknown: !known}
		}
	}
	if first != nil {
		return nil, first
	}
	names := settingNames()
	slices.SortFunc(out, func(x, y entry) int { return slices.Index(names, x.name) - slices.Index(names, y.name) })
	return out, nil
}

// value is a TOML value of any type as text.
type value struct {
	text string
	ok   bool // whether it is a string, a whole number, true or false
}

// errHere is never told: what toml makes of it holds a position.
var errHere = errors.New("here")

// UnmarshalTOML implements toml.Unmarshaler; its error is always errHere.
func (v *value) UnmarshalTOML(data any) error {
	v.ok = true
	switch x := data.(type) {
	case string:
		v.text = x
	case int64:
		v.text = strconv.FormatInt(x, 10)
	case bool:
		v.text = strconv.FormatBool(x)
	default:
		v.ok = false
	}
	return errHere
}

// badEntry says what is wrong with an entry.
func (m *messages) badEntry(bad *badConfig) string {
	switch {
	case bad.key == "":
		return m.ConfigSyntax
	case isSecret(bad.key) && slices.Contains(settingNames(), bad.key):
		return fmt.Sprintf(m.ConfigSecret, bad.key, bad.key)
	case bad.unknown:
		return fmt.Sprintf(m.ConfigUnknown, bad.key)
	}
	return fmt.Sprintf(m.ConfigValue, bad.key)
}
