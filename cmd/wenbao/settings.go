package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// Settings say which models are used and how, and how the bot runs
// (botsettings.go). Each has one name: model_url is
// model_url in the configuration file, WENBAO_MODEL_URL in the environment and
// --model-url on the line, and the later of these wins.
const (
	setModel           = "model"
	setModelURL        = "model_url"
	setModelKey        = "model_key"
	setModelKeyFile    = "model_key_file"
	setModelContext    = "model_context"
	setEmbedder        = "embedder"
	setEmbedderURL     = "embedder_url"
	setEmbedderKey     = "embedder_key"
	setEmbedderKeyFile = "embedder_key_file"
	setEmbedderDim     = "embedder_dim"
	setEmbedderBatch   = "embedder_batch"
	setReranker        = "reranker"
	setRerankerModel   = "reranker_model"
	setRerankerKey     = "reranker_key"
	setRerankerKeyFile = "reranker_key_file"
	setTimeLimit       = "time_limit"
	setNoCache         = "no_cache"
)

// settingNames are in the order in which they are shown.
func settingNames() []string { return append(modelSettings(), botSettingNames()...) }

func modelSettings() []string {
	return []string{
		setModel, setModelURL, setModelKey, setModelKeyFile, setModelContext,
		setEmbedder, setEmbedderURL, setEmbedderKey, setEmbedderKeyFile, setEmbedderDim, setEmbedderBatch,
		setReranker, setRerankerModel, setRerankerKey, setRerankerKeyFile,
		setTimeLimit, setNoCache,
	}
}

// isSecret tells of a key, or what serves as one: it stands in the environment or
// in a file of its own, and is never shown.
func isSecret(name string) bool {
	return strings.HasSuffix(name, "_key") || name == setTelegramToken || name == setWebhookSecret
}

// Values that switch something off, or leave it as it is built in.
const (
	specNone    = "none"
	specBuiltin = "builtin"
)

// origin is where a setting comes from; the later wins.
type origin uint8

const (
	fromDefault origin = iota
	fromFile
	fromEnv
	fromFlag
)

// setting is a value that is in force; the zero setting is one that is not set.
type setting struct {
	value string
	from  origin
	// where is the flag, the variable, or the file and its line.
	where string
}

// settings are the values in force, by name.
type settings struct {
	// file is the configuration file that was read, "" for none.
	file   string
	values map[string]setting
}

func (s *settings) get(name string) setting { return s.values[name] }

// put sets a value over that of an earlier origin. A server of another kind takes
// none of the address, the key and the sizes that were meant for the former one,
// and another address does not take the former one's key.
func (s *settings) put(name string, v setting) {
	former := s.get(name)
	switch {
	case (name == setModel || name == setEmbedder) && kindOf(former.value) != kindOf(v.value):
		s.drop(former.from, settingsOf(name)...)
	case isAddress(name) && former.value != v.value:
		s.drop(former.from, secretOf(name), secretOf(name)+"_file")
	}
	s.values[name] = v
}

// drop forgets those of the names that are from an origin or an earlier one.
func (s *settings) drop(from origin, names ...string) {
	for _, name := range names {
		if v, ok := s.values[name]; ok && v.from <= from {
			delete(s.values, name)
		}
	}
}

// settingsOf are the settings that say more of a model or an embedder.
func settingsOf(part string) []string {
	return slices.DeleteFunc(modelSettings(), func(name string) bool { return !strings.HasPrefix(name, part+"_") })
}

// isAddress tells of a server's address.
func isAddress(name string) bool {
	return strings.HasSuffix(name, "_url") || name == setReranker || name == setWebhook
}

// secretOf is the secret that belongs to an address.
func secretOf(address string) string {
	switch address {
	case setTelegramURL:
		return setTelegramToken
	case setWebhook:
		return setWebhookSecret
	}
	return strings.TrimSuffix(address, "_url") + "_key"
}

// kindOf is what stands before the colon of ollama:qwen3:8b.
func kindOf(spec string) string {
	kind, _, _ := strings.Cut(spec, ":")
	return kind
}

// loadSettings reads the configuration file, then the environment, then the flags.
func (a *app) loadSettings() (settings, error) {
	s := settings{values: map[string]setting{}}
	if err := a.readConfig(&s); err != nil {
		return settings{}, err
	}
	for _, name := range settingNames() {
		variable := "WENBAO_" + strings.ToUpper(name)
		if value := a.Getenv(variable); value != "" {
			s.put(name, setting{value, fromEnv, variable})
		}
	}
	for _, name := range settingNames() {
		if value, ok := a.global.given[name]; ok {
			s.put(name, setting{value, fromFlag, "--" + flagOf(name)})
		}
	}
	return s, nil
}

// flagOf is the flag that gives a setting.
func flagOf(name string) string { return strings.ReplaceAll(name, "_", "-") }

// embedding declares the flags of commands that search, or index.
func (g *globalFlags) embedding(a *app, flags *pflag.FlagSet) {
	flags.StringVar(&g.config, "config", "", a.m.FlagConfig)
	flags.String(flagOf(setEmbedder), specBuiltin, a.m.FlagEmbedder)
	flags.String(flagOf(setEmbedderURL), "", a.m.FlagEmbedderURL)
}

// models declares the flags of commands that answer, --config and those of the
// embedder included.
func (g *globalFlags) models(a *app, flags *pflag.FlagSet) {
	flags.BoolVar(&g.log, "log", false, a.m.FlagLog)
	flags.String(flagOf(setModel), "", a.m.FlagModel)
	flags.String(flagOf(setModelURL), "", a.m.FlagModelURL)
	flags.String(flagOf(setReranker), "", a.m.FlagReranker)
	flags.String(flagOf(setRerankerModel), "", a.m.FlagRerankerModel)
	flags.String(flagOf(setTimeLimit), "", a.m.FlagTimeLimit)
	flags.Bool(flagOf(setNoCache), false, a.m.FlagNoCache)
	g.embedding(a, flags)
}

// takeSettings keeps the settings that the line gives.
func (g *globalFlags) takeSettings(flags *pflag.FlagSet) {
	g.given = map[string]string{}
	for _, name := range settingNames() {
		if f := flags.Lookup(flagOf(name)); f != nil && f.Changed {
			g.given[name] = f.Value.String()
		}
	}
}

// configFile is the configuration file, and whether somebody named it: one that
// nobody named need not be there. "" is none.
func (a *app) configFile() (path string, named bool) {
	for _, path := range []string{a.global.config, a.Getenv("WENBAO_CONFIG")} {
		if path != "" {
			return path, true
		}
	}
	home, parent := a.Getenv("HOME"), ""
	switch xdg := a.Getenv("XDG_CONFIG_HOME"); {
	case runtime.GOOS == "windows":
		parent = a.Getenv("AppData")
	case runtime.GOOS == "darwin" && home != "":
		parent = filepath.Join(home, "Library", "Application Support")
	case filepath.IsAbs(xdg):
		parent = xdg // a relative one is to be ignored, by its specification
	case home != "":
		parent = filepath.Join(home, ".config")
	}
	if parent == "" {
		return "", false
	}
	return filepath.Join(parent, "wenbao", "config.toml"), false
}

// badSetting says what is wrong with a value and where it stands. One given on the
// line is a usage error.
func (a *app) badSetting(s setting, message string) error {
	text := a.m.inPlace(s.where, message)
	if s.from == fromFlag {
		return usage(text)
	}
	return fail(text)
}

// inPlace says where something is wrong before what it is.
func (m *messages) inPlace(where, what string) string {
	return fmt.Sprintf(m.WrongAt, where, what)
}

// unread says why a file that was named could not be read.
func (m *messages) unread(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return m.FileMissing
	}
	return m.reason(err)
}

// secret is a secret setting: the environment's, or that of a file; "" is one that
// is not set.
func (a *app) secret(s *settings, name string) (string, error) {
	if v := s.get(name); v.value != "" {
		return a.oneLine(v, v.value)
	}
	file := s.get(name + "_file")
	if file.value == "" {
		return "", nil
	}
	info, err := os.Stat(file.value)
	if err != nil {
		return "", a.badSetting(file, a.m.unread(err))
	}
	if !info.Mode().IsRegular() || info.Size() > maxKeyFile {
		return "", a.badSetting(file, a.m.NoKeyFile)
	}
	b, err := os.ReadFile(file.value)
	if err != nil {
		return "", a.badSetting(file, a.m.unread(err))
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 && !a.isCredential(file.value) {
		a.note(a.m.OpenKeyFile, file.value, file.value)
	}
	return a.oneLine(file, string(b))
}

// isCredential reports whether systemd gave a file to this process alone
// (LoadCredential=). Its mode shows the mask of an access list, which looks as if
// the group could read it.
func (a *app) isCredential(path string) bool {
	dir := a.Getenv("CREDENTIALS_DIRECTORY")
	return dir != "" && filepath.Dir(path) == filepath.Clean(dir)
}

// maxKeyFile is more bytes than any key has.
const maxKeyFile = 64 << 10

// oneLine is a key without the white space around it. What is wrong with a key is
// told without it.
func (a *app) oneLine(s setting, key string) (string, error) {
	key = strings.TrimSpace(key)
	if key == "" || slices.ContainsFunc([]rune(key), func(r rune) bool { return r < ' ' || r > '~' }) {
		return "", a.badSetting(s, a.m.BadKey)
	}
	return key, nil
}
