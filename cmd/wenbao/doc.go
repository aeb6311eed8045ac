// Command wenbao (问报, "ask the paper") answers questions over newspaper pages
// with the printed words as evidence. It needs no network, no model and no key; a
// model writes the answers where one is configured.
//
// # Commands
//
//	wenbao ingest PATH...       read pages into the library
//	wenbao articles             what was read
//	wenbao ask QUESTION         an answer with its sources
//	wenbao search QUERY         passages, no answer
//	wenbao chat                 a conversation
//	wenbao bot                  the same in Telegram
//	wenbao show ID              a passage within its article
//	wenbao verify QUOTE         was this printed, and where
//	wenbao doctor               is everything well that is configured
//	wenbao config               which settings are in force, and where from
//	wenbao eval KIND            measures
//	wenbao version, help
//
// "wenbao help COMMAND" tells more. Instead of the library, --corpus PATH answers
// from files and leaves nothing behind.
//
// # Output
//
// Answers and printed words are Chinese; everything else follows --lang, or the
// locale. Errors are one line on standard error that says what to do. With --json
// the output is JSON (json.go); with - as the question, ask, search and verify
// answer each line of JSON on standard input with a line of JSON (lines.go).
//
// # Settings
//
// Models, and how the bot runs, are set in a configuration file, the environment or
// flags; the later wins. Nothing is dialled that is not named there. Keys and the
// bot's token come from the environment or a file of their own, and are neither
// flags nor ever shown.
//
// # Exit codes
//
//	0    done; also when there is no evidence for an answer
//	1    some file could not be read, some line not answered, or what was
//	     looked for was not found, something configured is not well
//	2    the command line makes no sense
//	3    there is no library, or it is damaged, being written, or too new
//	130  interrupted; a signal ends the bot with 0
//
// # A tour of the wiring
//
// main.go takes the process's streams and signals and calls run (run.go), which
// finds the command and makes an exit code of its error (exit.go). Each command
// is a type in a file of its own. What commands share is in
//
//	flags.go       global flags, the language, where the library lies
//	settings.go    the settings of models, and the order of their origins
//	botsettings.go the settings of the bot
//	configfile.go  the configuration file
//	filter.go      flags that narrow a search
//	store.go       the articles: a library, or files read into memory
//	wire.go        the engine over them
//	models.go      the models, and the one that writes in front of the engine
//	stream.go      answers as they come
//	render.go      answers, sources and passages as text
//	messages.go    all of the program's own words, in two languages
//
// wire.go is where the parts meet, by hand. From files to articles:
//
//	gazetteer.New + --gazetteer -> facet.New -> ingest.Update or ingest.Read
//
// from articles to an index:
//
//	library.Open -> index.Refresh          (--data)
//	index.NewMemory -> index.Build         (--corpus)
//
// and from a question to an answer:
//
//	query.New   what is asked: the index says which places and speakers there are
//	index       what was printed about it
//	extract.New which of those words answer
//	rag.Engine  the three in a row
//
// With a model, chain.New takes the place of extract.New and falls back on it:
//
//	chain.NewRewriter  what a follow-up leaves out, before query.New
//	llm.Model          writes
//	cite.NewChecker    what of that is printed
//
// bot.go does the same for the bot:
//
//	shelf.New          the engines, and new ones when the library has changed
//	session, journal   what is remembered
//	bot.New            what is said
//	telegram.New       to whom, and from whom
package main
