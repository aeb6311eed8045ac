package telegram

import (
	"context"
	"log/slog"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"wenbao/bot"
)

// menu is a list of commands for some chats and users.
type menu struct {
	scope bot.CommandScope
	where models.BotCommandScope
}

// menus are all lists: that of the admins goes to their private chats.
func menus(admins []int64) []menu {
	list := []menu{
		{bot.ScopePrivate, &models.BotCommandScopeDefault{}},
		{bot.ScopePrivate, &models.BotCommandScopeAllPrivateChats{}},
		{bot.ScopeGroup, &models.BotCommandScopeAllGroupChats{}},
	}
	for _, id := range admins {
		list = append(list, menu{bot.ScopeAdmin, &models.BotCommandScopeChat{ChatID: id}})
	}
	return list
}

// languages are those of the menus; the first one is for all who have another.
func languages() []string { return []string{"zh", "en"} }

// putCommands fills Telegram's menus. The bot does without where that fails.
func (r *run) putCommands(ctx context.Context) {
	if r.opt.Commands == nil {
		return
	}
	for _, m := range menus(r.opt.Admins) {
		for i, lang := range languages() {
			code := lang
			if i == 0 {
				code = ""
			}
			err := r.retry(ctx, "setMyCommands", func(ctx context.Context) error {
				return r.api.putCommands(ctx, m.where, code, r.opt.Commands(lang, m.scope))
			})
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				r.log.Log(ctx, menuLevel(err), "menu of commands cannot be set", "scope", m.scope, "lang", lang, "err", err)
			}
		}
	}
}

// menuLevel is how serious it is that a menu cannot be set: an admin who has not
// written to the bot yet has no chat for one.
func menuLevel(err error) slog.Level {
	if asFault(err).refusal == refusedNoChat {
		return slog.LevelInfo
	}
	return slog.LevelWarn
}

// putCommands sets one menu; code "" is for users of any other language.
func (a *api) putCommands(ctx context.Context, where models.BotCommandScope, code string, commands []bot.CommandInfo) error {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	p := &tg.SetMyCommandsParams{Scope: where, LanguageCode: code, Commands: make([]models.BotCommand, len(commands))}
	for i, c := range commands {
		p.Commands[i] = models.BotCommand{Command: c.Name, Description: c.Description}
	}
	_, err := a.lib.SetMyCommands(limited, p)
	return a.done(ctx, "setMyCommands", err)
}
