package bot

import (
	"context"
	"slices"
)

// CommandScope says for whom a list of commands is.
type CommandScope string

// The scopes.
const (
	ScopePrivate CommandScope = "private"
	ScopeGroup   CommandScope = "group"
	ScopeAdmin   CommandScope = "admin" // an admin's private chat
)

// CommandInfo describes a command for the menu of commands.
type CommandInfo struct {
	Name        string // without slash
	Description string
}

// Commands lists the commands of a scope in the order of their menu, with
// descriptions in a language: zh, or else English.
func Commands(lang string, scope CommandScope) []CommandInfo {
	w := wordsIn(lang)
	var out []CommandInfo
	for _, c := range commands() {
		if slices.Contains(c.scopes, scope) {
			out = append(out, CommandInfo{Name: c.name, Description: c.describe(w)})
		}
	}
	return out
}

// Commands that are spoken of elsewhere.
const (
	commandAsk     = "ask"
	commandForget  = "forget"
	commandPrivacy = "privacy"
	commandStop    = "stop"
)

// command is something that can be told the bot.
type command struct {
	name string
	// scopes are the menus that list it; one that is in the admins' alone is not
	// known to anybody else, nor in groups.
	scopes   []CommandScope
	costs    cost
	run      func(*Bot, context.Context, *exchange) Reply
	describe func(*catalogue) string
}

// cost says when a command searches.
type cost int

const (
	costsNothing cost = iota
	costsGiven        // when it is given something to search for
	costsAlways
)

func commands() []command {
	private := []CommandScope{ScopePrivate, ScopeAdmin}
	everywhere := []CommandScope{ScopePrivate, ScopeGroup, ScopeAdmin}
	admin := []CommandScope{ScopeAdmin}
	return []command{
		{commandAsk, everywhere, costsGiven, (*Bot).askCommand, func(w *catalogue) string { return w.AboutAsk }},
		{"search", everywhere, costsGiven, (*Bot).searchCommand, func(w *catalogue) string { return w.AboutSearch }},
		{"verify", everywhere, costsGiven, (*Bot).verifyCommand, func(w *catalogue) string { return w.AboutVerify }},
		{"place", everywhere, costsNothing, (*Bot).placeCommand, func(w *catalogue) string { return w.AboutPlace }},
		{"period", everywhere, costsNothing, (*Bot).periodCommand, func(w *catalogue) string { return w.AboutPeriod }},
		{"sources", everywhere, costsNothing, (*Bot).sourcesCommand, func(w *catalogue) string { return w.AboutSources }},
		{"show", everywhere, costsNothing, (*Bot).showCommand, func(w *catalogue) string { return w.AboutShow }},
		{"reset", everywhere, costsNothing, (*Bot).resetCommand, func(w *catalogue) string { return w.AboutReset }},
		{commandStop, everywhere, costsNothing, (*Bot).stopCommand, func(w *catalogue) string { return w.AboutStop }},
		{"lang", everywhere, costsNothing, (*Bot).langCommand, func(w *catalogue) string { return w.AboutLang }},
		{"help", everywhere, costsNothing, (*Bot).helpCommand, func(w *catalogue) string { return w.AboutHelp }},
		{commandPrivacy, everywhere, costsNothing, (*Bot).privacyCommand, func(w *catalogue) string { return w.AboutPrivacy }},
		{commandForget, everywhere, costsNothing, (*Bot).forgetCommand, func(w *catalogue) string { return w.AboutForget }},
		{"start", private, costsAlways, (*Bot).startCommand, func(w *catalogue) string { return w.AboutStart }},
		{"stats", admin, costsNothing, (*Bot).statsCommand, func(w *catalogue) string { return w.AboutStats }},
		{"reload", admin, costsNothing, (*Bot).reloadCommand, func(w *catalogue) string { return w.AboutReload }},
		{"maintenance", admin, costsNothing, (*Bot).maintenanceCommand, func(w *catalogue) string { return w.AboutMaintenance }},
	}
}

func findCommand(name string) (command, bool) {
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return c.name == name })
	if i < 0 {
		return command{}, false
	}
	return all[i], true
}

// forAdmins reports whether a command is for admins alone.
func (c *command) forAdmins() bool { return len(c.scopes) == 1 && c.scopes[0] == ScopeAdmin }

// command handles what was written and is no question. A command that there is
// not is a slip; in a group, where it may be another bot's, it has come no further
// than refuse unless it was meant for this one.
func (b *Bot) command(ctx context.Context, x *exchange) Reply {
	e := x.event
	if e.Command == "" { // nothing but the bot's name
		return b.askCommand(ctx, x)
	}
	c, ok := findCommand(e.Command)
	if ok && (!c.forAdmins() || x.admin && e.Chat.Private) {
		return c.run(b, ctx, x)
	}
	if ok && x.admin {
		return Say(x.words.AdminPrivate)
	}
	return Say(x.words.UnknownCommand)
}
