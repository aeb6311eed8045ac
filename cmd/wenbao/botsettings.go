package main

import (
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"wenbao/bot"
	"wenbao/bot/telegram"
)

// Settings of wenbao bot, named as those of models are.
const (
	setTelegramToken     = "telegram_token"
	setTelegramTokenFile = "telegram_token_file"
	setTelegramURL       = "telegram_url"
	setTelegramRate      = "telegram_rate"
	setWebhook           = "webhook"
	setWebhookSecret     = "webhook_secret"
	setWebhookSecretFile = "webhook_secret_file"
	setListen            = "listen"
	setListenAdmin       = "listen_admin"
	setAdmins            = "admins"
	setAllow             = "allow"
	setBlock             = "block"
	setUserRate          = "user_rate"
	setChatRate          = "chat_rate"
	setModelPerDay       = "model_per_day"
	setQuestionLimit     = "question_limit"
	setWorkers           = "workers"
	setQueue             = "queue"
	setGrace             = "grace"
	setHistory           = "history"
	setKeep              = "keep"
	setMaintenance       = "maintenance"
)

// botSettingNames are in the order in which they are shown.
func botSettingNames() []string {
	return []string{
		setTelegramToken, setTelegramTokenFile, setTelegramURL, setTelegramRate,
		setWebhook, setWebhookSecret, setWebhookSecretFile, setListen, setListenAdmin,
		setAdmins, setAllow, setBlock,
		setUserRate, setChatRate, setModelPerDay, setQuestionLimit,
		setWorkers, setQueue, setGrace, setHistory, setKeep, setMaintenance,
	}
}

// bot declares the settings that the line can give. Secrets, and where they lie,
// are not among them.
func (g *globalFlags) bot(a *app, flags *pflag.FlagSet) {
	for _, f := range []struct{ name, usage string }{
		{setTelegramURL, a.m.FlagTelegramURL},
		{setTelegramRate, a.m.FlagTelegramRate},
		{setWebhook, a.m.FlagWebhook},
		{setListen, a.m.FlagListen},
		{setListenAdmin, a.m.FlagListenAdmin},
		{setAdmins, a.m.FlagAdmins},
		{setAllow, a.m.FlagAllow},
		{setBlock, a.m.FlagBlock},
		{setUserRate, a.m.FlagUserRate},
		{setChatRate, a.m.FlagChatRate},
		{setModelPerDay, a.m.FlagModelPerDay},
		{setQuestionLimit, a.m.FlagQuestionLimit},
		{setWorkers, a.m.FlagWorkers},
		{setQueue, a.m.FlagQueue},
		{setGrace, a.m.FlagGrace},
		{setHistory, a.m.FlagHistory},
		{setKeep, a.m.FlagKeep},
	} {
		flags.String(flagOf(f.name), "", f.usage)
	}
	flags.Bool(flagOf(setMaintenance), false, a.m.FlagMaintenance)
}

// botSettings are the settings of the bot, read; the zero value of a field is one
// that is not set.
type botSettings struct {
	token, url string
	rate       int // messages a second
	webhook    string
	secret     string // the webhook's
	listen     string
	admin      string // where the admin endpoint listens

	admins, allow, block []int64

	limits         bot.Limits
	workers, queue int
	grace          time.Duration
	expiry         bot.Expiry
	// maintenance is nil where it stays as an admin has switched it.
	maintenance *bool
}

// botSettings reads the settings and says what is wrong with one. That there is
// no token is not wrong.
func (a *app) botSettings(s *settings) (botSettings, error) {
	var b botSettings
	for _, read := range []func(*settings, *botSettings) error{
		a.connection, a.people, a.bounds, a.keeping,
	} {
		if err := read(s, &b); err != nil {
			return botSettings{}, err
		}
	}
	return b, nil
}

// connection reads how the bot and Telegram reach each other.
func (a *app) connection(s *settings, b *botSettings) (err error) {
	if b.token, err = a.formed(s, setTelegramToken, telegram.ValidToken, a.m.BadToken); err != nil {
		return err
	}
	if b.secret, err = a.formed(s, setWebhookSecret, isWebhookSecret, a.m.BadSecret); err != nil {
		return err
	}
	server := s.get(setTelegramURL)
	if b.url = server.value; b.url != "" && !isServer(b.url) {
		return a.badSetting(server, a.m.BadURL)
	}
	if b.rate, err = a.number(s.get(setTelegramRate)); err != nil {
		return err
	}
	hook, listen, admin := s.get(setWebhook), s.get(setListen), s.get(setListenAdmin)
	for _, v := range []setting{listen, admin} {
		if v.value != "" && !isListening(v.value) {
			return a.badSetting(v, fmt.Sprintf(a.m.BadListen, v.value))
		}
	}
	switch b.webhook, b.listen, b.admin = hook.value, listen.value, admin.value; {
	case b.webhook != "" && !isWebhook(b.webhook):
		return a.badSetting(hook, a.m.BadWebhook)
	case b.webhook != "" && b.listen == "":
		return a.badSetting(hook, a.m.WebhookNeedsListen)
	case b.webhook == "" && b.listen != "":
		return a.badSetting(listen, a.m.ListenNeedsWebhook)
	}
	return nil
}

// formed is a secret of some form; what is wrong with it is told without it.
func (a *app) formed(s *settings, name string, ok func(string) bool, bad string) (string, error) {
	secret, err := a.secret(s, name)
	if err != nil || secret == "" || ok(secret) {
		return secret, err
	}
	where := s.get(name)
	if where.value == "" {
		where = s.get(name + "_file")
	}
	return "", a.badSetting(where, bad)
}

// maxWebhookSecret is the length of the longest secret_token that setWebhook takes.
const maxWebhookSecret = 256

// isWebhookSecret reports whether s can be a secret_token of setWebhook.
func isWebhookSecret(s string) bool { return isURLSafe(s) && len(s) <= maxWebhookSecret }

// isURLSafe reports whether s consists of ASCII letters, digits, _ and -.
func isURLSafe(s string) bool {
	const safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !strings.ContainsRune(safe, r) })
}

// isServer reports whether an address can be one of a Bot API server.
func isServer(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && !hasSecret(address)
}

// isWebhook reports whether Telegram would take an address: https, or a plain
// address of this machine for a Bot API server that runs on it.
func isWebhook(address string) bool {
	u, err := url.Parse(address)
	if err != nil || !isServer(address) {
		return false
	}
	if u.Scheme == "https" || u.Hostname() == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return err == nil && ip.IsLoopback()
}

// isListening reports whether one can listen on an address: HOST:PORT, or :PORT
// for all of the machine's addresses.
func isListening(address string) bool {
	u, err := url.Parse("tcp://" + address)
	if err != nil || u.Host != address {
		return false
	}
	_, err = strconv.ParseUint(u.Port(), 10, 16)
	return err == nil
}

// people reads who the bot knows.
func (a *app) people(s *settings, b *botSettings) (err error) {
	if b.admins, err = a.ids(s.get(setAdmins)); err != nil {
		return err
	}
	if b.allow, err = a.ids(s.get(setAllow)); err != nil {
		return err
	}
	b.block, err = a.ids(s.get(setBlock))
	return err
}

// ids reads Telegram's numbers of users and groups (which are negative), with
// commas between them.
func (a *app) ids(v setting) ([]int64, error) {
	if strings.TrimSpace(v.value) == "" {
		return nil, nil
	}
	var ids []int64
	for text := range strings.SplitSeq(v.value, ",") {
		text = strings.TrimSpace(text)
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id == 0 {
			return nil, a.badSetting(v, fmt.Sprintf(a.m.BadID, text))
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// bounds reads how much is taken from one user and all together.
func (a *app) bounds(s *settings, b *botSettings) error {
	var user, chat int
	for _, v := range []struct {
		name string
		to   *int
	}{
		{setUserRate, &user}, {setChatRate, &chat}, {setModelPerDay, &b.limits.ModelPerDay}, {setQuestionLimit, &b.limits.Question},
	} {
		n, err := a.limit(s.get(v.name))
		if err != nil {
			return err
		}
		*v.to = n
	}
	b.limits.UserPerMinute, b.limits.ChatPerMinute = float64(user), float64(chat)
	var err error
	if b.workers, err = a.number(s.get(setWorkers)); err != nil {
		return err
	}
	b.queue, err = a.number(s.get(setQueue))
	return err
}

// unlimited is a bot.Limits' field without a limit.
const unlimited = -1

// limit reads a number of one or more, or none.
func (a *app) limit(v setting) (int, error) {
	if v.value == specNone {
		return unlimited, nil
	}
	return a.number(v)
}

// keeping reads how long things last.
func (a *app) keeping(s *settings, b *botSettings) (err error) {
	if b.grace, err = a.span(s.get(setGrace)); err != nil {
		return err
	}
	if b.expiry.History, err = a.span(s.get(setHistory)); err != nil {
		return err
	}
	if b.expiry.Sessions, err = a.span(s.get(setKeep)); err != nil {
		return err
	}
	b.expiry.Answers = b.expiry.Sessions
	if v := s.get(setMaintenance); v.value != "" {
		on, err := a.truth(v)
		b.maintenance = &on
		return err
	}
	return nil
}

// span reads a time as Go writes it (20s, 12h), or in days (30d).
func (a *app) span(v setting) (time.Duration, error) {
	if v.value == "" {
		return 0, nil
	}
	const day = 24 * time.Hour
	d, err := time.ParseDuration(v.value)
	if days, ok := strings.CutSuffix(v.value, "d"); ok {
		var n uint64
		n, err = strconv.ParseUint(days, 10, 16) // so many fit into a Duration
		d = time.Duration(n) * day
	}
	if err != nil || d <= 0 {
		return 0, a.badSetting(v, fmt.Sprintf(a.m.BadSpan, v.value))
	}
	return d, nil
}
