package bottest

import (
	"encoding/json"
	"regexp"
	"slices"
	"unicode/utf8"
)

// Command is a command that apps offer.
type Command struct {
	Name        string `json:"command"`
	Description string `json:"description"`
}

// CommandScope says where commands are offered, and to whom.
type CommandScope struct {
	// Type is default, all_private_chats, all_group_chats,
	// all_chat_administrators, chat, chat_administrators or chat_member.
	Type string
	Chat int64
	User int64
	Lang string // two letters, "" for all languages that have none of their own
}

// Limits of commands.
const (
	maxCommands           = 100
	maxCommandDescription = 256
)

// Commands are the commands that the bot has set for a scope.
func (s *Server) Commands(scope CommandScope) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.commands[scope])
}

// commandScope reads the parameters scope and language_code.
func (s *Server) commandScope(r *request) (CommandScope, *Error) {
	scope := CommandScope{Type: "default", Lang: r.params["language_code"]}
	if raw := r.params["scope"]; raw != "" {
		var in struct {
			Type string      `json:"type"`
			Chat json.Number `json:"chat_id"`
			User int64       `json:"user_id"`
		}
		if err := json.Unmarshal([]byte(raw), &in); err != nil {
			return scope, badRequest("Can't parse BotCommandScope JSON object")
		}
		scope.Type, scope.User = in.Type, in.User
		scope.Chat, _ = in.Chat.Int64() // not there for most scopes
	}
	switch scope.Type {
	case "default", "all_private_chats", "all_group_chats", "all_chat_administrators":
	case "chat", "chat_administrators", "chat_member":
		if s.chats[scope.Chat] == nil {
			return scope, badRequest("chat not found")
		}
		if scope.Type == "chat_member" && scope.User <= 0 {
			return scope, badRequest("Can't parse BotCommandScope: Invalid user_id specified")
		}
	default:
		return scope, badRequest("Can't parse BotCommandScope: Unsupported type specified")
	}
	if !regexp.MustCompile(`^([a-z]{2})?$`).MatchString(scope.Lang) {
		return scope, badRequest("Invalid language code specified")
	}
	return scope, nil
}

func (s *Server) setMyCommands(r *request) (any, *Error) {
	var list []Command
	if err := json.Unmarshal([]byte(r.params["commands"]), &list); err != nil {
		return nil, badRequest("Can't parse commands JSON object")
	}
	scope, fail := s.commandScope(r)
	if fail != nil {
		return nil, fail
	}
	name := regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	for _, c := range list {
		switch n := utf8.RuneCountInString(c.Description); {
		case !name.MatchString(c.Name):
			return nil, badRequest("BOT_COMMAND_INVALID")
		case n == 0:
			return nil, badRequest("Command description must be non-empty")
		case n > maxCommandDescription:
			return nil, badRequest("Command description length must not exceed %d", maxCommandDescription)
		}
	}
	if len(list) > maxCommands {
		return nil, badRequest("BOT_COMMANDS_TOO_MUCH")
	}
	s.commands[scope] = list
	return true, nil
}

func (s *Server) getMyCommands(r *request) (any, *Error) {
	scope, fail := s.commandScope(r)
	if fail != nil {
		return nil, fail
	}
	return append([]Command{}, s.commands[scope]...), nil
}

func (s *Server) deleteMyCommands(r *request) (any, *Error) {
	scope, fail := s.commandScope(r)
	if fail != nil {
		return nil, fail
	}
	delete(s.commands, scope)
	return true, nil
}
