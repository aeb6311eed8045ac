// Terminal is a Telegram of one's own in a terminal, to talk to a bot without
// Telegram. It starts a Bot API server on loopback, says how to start the bot
// against it, and then every line that is typed is a message to the bot:
//
//	go run ./bot/bottest/terminal
//
// Lines that begin with a colon do something else:
//
//	:private          write in the private chat, as at the beginning
//	:group            write in a group
//	:topic NAME       write in a topic of a forum
//	:user NAME        be somebody else
//	:reply ID TEXT    reply to a message
//	:press N          press the button with that number
//	:inline QUERY     type after the bot's name
//	:choose N         send the result with that number
//	:file PATH        send a file
//	:photo            send a photo, likewise :voice and :sticker
//	:block :unblock   block the bot in the private chat
//	:wait SECONDS     let time pass
//	:quit             leave
//
// With -script the lines are read one after the other, each when the bot has been
// quiet for a moment, and what is printed is a transcript. At the end come the
// mistakes of the bot's that Telegram would have let pass.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"wenbao/bot/bottest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run serves the Bot API and lets the lines of in be what people do.
func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("terminal", flag.ContinueOnError)
	addr := flags.String("listen", "127.0.0.1:0", "address of the Bot API")
	script := flags.Bool("script", false, "do one line after the other, each when the bot is quiet")
	quiet := flags.Duration("quiet", 2*time.Second, "how long the bot says nothing when it is quiet")
	limits := flags.Bool("limits", false, "answer 429 as Telegram does")
	noDrafts := flags.Bool("no-drafts", false, "refuse sendMessageDraft")
	if err := flags.Parse(args); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	server := bottest.New(bottest.Options{Limits: *limits, NoDrafts: *noDrafts, PlainWebhook: true})
	api := &http.Server{Handler: server, ReadHeaderTimeout: time.Minute}
	served := make(chan error, 1)
	go func() { served <- api.Serve(listener) }()

	fmt.Fprintf(out, "WENBAO_TELEGRAM_TOKEN=%s wenbao bot --telegram-url http://%s\n", server.Token(), listener.Addr())
	t := newTerminal(server, out)
	if *script {
		t.quiet = *quiet
	}
	err = t.talk(ctx, in)
	for _, complaint := range server.Complaints() {
		fmt.Fprintln(out, "! complaint:", complaint)
	}
	server.Close()
	_ = api.Close() // Whoever still waits is cut off.
	if serveErr := <-served; err == nil && !errors.Is(serveErr, http.ErrServerClosed) {
		err = serveErr
	}
	return err
}
