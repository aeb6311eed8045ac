package main

import (
	"reflect"
	"regexp"
	"slices"
	"testing"
)

var verb = regexp.MustCompile(`%[-+ #0]*\d*(?:\.\d+)?[a-zA-Z%]`)

// TestMessages holds the languages together: every message is there in each, and
// takes the same values in the same order.
func TestMessages(t *testing.T) {
	english, chinese := reflect.ValueOf(catalogue(langEN)), reflect.ValueOf(catalogue(langZH))
	for i := range english.NumField() {
		name := english.Type().Field(i).Name
		en, zh := english.Field(i).String(), chinese.Field(i).String()
		if zh == "" || en == "" {
			t.Errorf("%s: %q in Chinese, %q in English", name, zh, en)
		}
		if a, b := kinds(zh), kinds(en); !slices.Equal(a, b) {
			t.Errorf("%s takes %q in Chinese, %q in English", name, a, b)
		}
	}
}

// kinds are the verbs of a format without their widths. %q and %s take the same.
func kinds(format string) []string {
	var out []string
	for _, v := range verb.FindAllString(format, -1) {
		letter := v[len(v)-1:]
		if letter == "q" {
			letter = "s"
		}
		out = append(out, letter)
	}
	return out
}

// TestHelp wants a text for every command in each language, and no text without
// a command.
func TestHelp(t *testing.T) {
	topics := append(commandNames(), exitCodesTopic, "wenbao")
	for _, lang := range []string{langEN, langZH} {
		m := catalogue(lang)
		for _, topic := range topics {
			if text, ok := m.help(topic); !ok || text == "" {
				t.Errorf("no help on %s in %s", topic, lang)
			}
		}
		files, err := helpTexts.ReadDir("help/" + lang)
		if err != nil {
			t.Fatal(err)
		}
		if len(files) != len(topics) {
			t.Errorf("%d help texts in %s, want %d", len(files), lang, len(topics))
		}
	}
}
