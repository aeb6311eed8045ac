package bot_test

import (
	"reflect"
	"regexp"
	"slices"
	"testing"
	"unicode/utf8"

	"wenbao/bot"
)

// verb is a format's verb with its argument number and precision.
var verb = regexp.MustCompile(`%(?:\[\d+\])?[-+ #0]*\d*(?:\.\d+)?[a-zA-Z%]`)

// TestCatalogue holds the languages together: every line is there in each, and
// takes the same values in the same order.
func TestCatalogue(t *testing.T) {
	chinese, english := reflect.ValueOf(bot.Catalogue("zh")), reflect.ValueOf(bot.Catalogue("en"))
	for i := range chinese.NumField() {
		name := chinese.Type().Field(i).Name
		zh, en := chinese.Field(i).String(), english.Field(i).String()
		if zh == "" || en == "" {
			t.Errorf("%s: %q in Chinese, %q in English", name, zh, en)
		}
		if a, b := verb.FindAllString(zh, -1), verb.FindAllString(en, -1); !slices.Equal(a, b) {
			t.Errorf("%s takes %q in Chinese, %q in English", name, a, b)
		}
	}
}

// TestCommands wants menus that Telegram takes.
func TestCommands(t *testing.T) {
	name := regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	for _, scope := range []bot.CommandScope{bot.ScopePrivate, bot.ScopeGroup, bot.ScopeAdmin} {
		zh, en := bot.Commands("zh", scope), bot.Commands("en", scope)
		if len(zh) == 0 || len(zh) != len(en) {
			t.Fatalf("%s: %d commands in Chinese, %d in English", scope, len(zh), len(en))
		}
		for i := range zh {
			if zh[i].Name != en[i].Name || !name.MatchString(zh[i].Name) {
				t.Errorf("%s: command %q, %q", scope, zh[i].Name, en[i].Name)
			}
			for _, d := range []string{zh[i].Description, en[i].Description} {
				if n := utf8.RuneCountInString(d); n < 3 || n > 256 {
					t.Errorf("/%s: description %q", zh[i].Name, d)
				}
			}
		}
	}
	has := func(scope bot.CommandScope, name string) bool {
		return slices.ContainsFunc(bot.Commands("zh", scope), func(c bot.CommandInfo) bool { return c.Name == name })
	}
	for _, name := range []string{"help", "ask", "search", "place", "period", "sources", "show", "verify", "reset", "forget", "lang", "stop", "privacy"} {
		if !has(bot.ScopePrivate, name) || !has(bot.ScopeGroup, name) || !has(bot.ScopeAdmin, name) {
			t.Errorf("/%s is not in every menu", name)
		}
	}
	for _, name := range []string{"stats", "reload", "maintenance"} {
		if has(bot.ScopePrivate, name) || has(bot.ScopeGroup, name) || !has(bot.ScopeAdmin, name) {
			t.Errorf("/%s is not in the admins' menu alone", name)
		}
	}
	if !has(bot.ScopePrivate, "start") {
		t.Error("/start is in no menu")
	}
}
