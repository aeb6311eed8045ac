package main

import (
	"context"
	"embed"
	"strings"

	"github.com/spf13/pflag"
)

// The help texts by language and topic. The first line is a summary.
//
//go:embed help
var helpTexts embed.FS

// exitCodesTopic is help that belongs to no command.
const exitCodesTopic = "exit-codes"

type helpCommand struct{}

func (c *helpCommand) flags(*app, *pflag.FlagSet) {}

func (c *helpCommand) run(_ context.Context, a *app, args []string) error {
	if len(args) > 1 {
		return usagef(a.m.TooManyArgs, args[1])
	}
	return a.printHelp(strings.Join(args, ""))
}

// printHelp prints the help on a command or topic; "" is the overview.
func (a *app) printHelp(topic string) error {
	if topic == "" {
		return a.print(a.overview())
	}
	text, ok := a.m.help(topic)
	if !ok {
		return usagef(a.m.NoHelpTopic, topic)
	}
	if c, ok := newCommand(topic); ok {
		fs := a.flagSet(topic)
		c.flags(a, fs)
		a.global.language(a, fs)
		text += "\n" + a.m.HelpFlags + "\n" + flagUsages(fs)
	}
	return a.print(text)
}

// flagUsages describes the flags. That --json may also be written --json=true is
// not worth a place in it; the spaces keep the columns.
func flagUsages(fs *pflag.FlagSet) string {
	const boolean = "[=true|false]"
	return strings.ReplaceAll(fs.FlagUsages(), boolean, strings.Repeat(" ", len(boolean)))
}

// overview is the help of the program, with a line for each command.
func (a *app) overview() string {
	text, _ := a.m.help("wenbao")
	var b strings.Builder
	b.WriteString(text + "\n")
	for _, name := range append(commandNames(), exitCodesTopic) {
		text, _ := a.m.help(name)
		summary, _, _ := strings.Cut(text, "\n")
		b.WriteString("  " + name + strings.Repeat(" ", len("exit-codes")+2-len(name)) + summary + "\n")
	}
	return b.String()
}

// help is the text on a topic.
func (m *messages) help(topic string) (string, bool) {
	b, err := helpTexts.ReadFile("help/" + m.Lang + "/" + topic + ".txt")
	return string(b), err == nil
}
