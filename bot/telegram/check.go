package telegram

import (
	"context"
	"errors"
	"fmt"
	"regexp"
)

// ErrToken says that Telegram does not accept the token.
var ErrToken = errors.New("telegram does not accept the bot token")

// tokenForm is what tokens look like: the bot's user ID, a colon and a secret.
var tokenForm = regexp.MustCompile(`^[0-9]{1,20}:[A-Za-z0-9_-]{10,100}$`)

// ValidToken reports whether s looks like a bot's token, as BotFather gives it.
func ValidToken(s string) bool { return tokenForm.MatchString(s) }

// Check asks Telegram once who the bot is, and gives its name without @. Of the
// Options it uses Token, URL and Client. The error is ErrToken for a token that is
// not accepted; any other says why Telegram was not reached, without the token.
func Check(ctx context.Context, o Options) (username string, err error) {
	if !ValidToken(o.Token) {
		return "", ErrToken
	}
	o = o.filled()
	a, err := newAPI(o.Client, o.URL, o.Token, func(string, *fault) {})
	if err != nil {
		return "", fmt.Errorf("telegram: %w", err)
	}
	me, err := a.me(ctx)
	if err != nil {
		if asFault(err).kind == faultToken {
			return "", ErrToken
		}
		return "", fmt.Errorf("telegram: getMe: %w", err)
	}
	return me.Username, nil
}
