package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wenbao/bot/telegram"
	"wenbao/rag/llm"
)

// partBot is the part of findings about the Telegram bot.
const partBot = "bot"

// longestCheck is how long Telegram may take to say whose a token is.
const longestCheck = 10 * time.Second

// checkBot asks Telegram whose the bot's token is. There is nothing to ask where
// none is configured.
func (a *app) checkBot(ctx context.Context) ([]findingJSON, error) {
	s, err := a.settings()
	if err != nil {
		return nil, err
	}
	b, err := a.botSettings(&s)
	if err != nil || b.token == "" {
		return nil, err
	}
	within, cancel := context.WithTimeout(ctx, longestCheck)
	defer cancel()
	opt := telegram.Options{Token: b.token, URL: b.url}
	if a.HTTP != nil {
		opt.Client = client{a.HTTP}
	}
	start := a.Now()
	name, err := telegram.Check(within, opt)
	f := findingJSON{
		Part: partBot, Aspect: string(llm.AspectReachable), OK: err == nil, Name: name,
		Took: toMilliseconds(a.Now().Sub(start)),
	}
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err == nil:
		f.Message = fmt.Sprintf(a.m.BotReached, name)
	case errors.Is(err, telegram.ErrToken):
		f.Fault, f.Message = string(llm.FaultUnauthorized), a.m.TokenRefused
	default:
		f.Fault, f.Message = string(llm.FaultUnreachable), a.m.BotUnreached
	}
	return []findingJSON{f}, nil
}
