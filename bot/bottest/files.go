package bottest

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
)

// maxDownload is the largest file that a bot can fetch, in bytes.
const maxDownload = 20 << 20

// file is a file that somebody sent.
type file struct {
	File
	path string
}

// keepFile takes a file that somebody sends.
func (s *Server) keepFile(f File, kind string) *wireMedia {
	s.lastFile++
	id := fmt.Sprintf("BQACAgUAAxkBAAI%06d", s.lastFile)
	s.files[id] = file{File: f, path: fmt.Sprintf("%ss/file_%d%s", kind, s.lastFile, filepath.Ext(f.Name))}
	media := &wireMedia{ID: id, UniqueID: uniqueID(id), Size: f.size(), MIME: f.MIME}
	switch kind {
	case "photo", "video", "animation":
		media.Width, media.Height = 640, 480
	case "sticker":
		media.Width, media.Height, media.Kind, media.Emoji = 512, 512, "regular", "🙂"
	case "voice", "audio":
		media.Duration = 3
	case "video_note":
		media.Length, media.Duration = 240, 3
	}
	if kind == "document" || kind == "audio" || kind == "video" {
		media.Name = f.Name
	}
	return media
}

// uniqueID is the name of a file that is the same for all bots.
func uniqueID(id string) string { return "AgAD" + id[len(id)-6:] }

func (f File) size() int64 { return cmp.Or(f.Size, int64(len(f.Content))) }

func (s *Server) getFile(r *request) (any, *Error) {
	f, ok := s.files[r.params["file_id"]]
	switch {
	case r.params["file_id"] == "":
		return nil, badRequest("file_id not specified")
	case !ok:
		return nil, badRequest("wrong file_id or the file is temporarily unavailable")
	case f.size() > maxDownload:
		return nil, badRequest("file is too big")
	}
	return struct {
		ID       string `json:"file_id"`
		UniqueID string `json:"file_unique_id"`
		Size     int64  `json:"file_size"`
		Path     string `json:"file_path"`
	}{r.params["file_id"], uniqueID(r.params["file_id"]), f.size(), f.path}, nil
}

// serveFile answers /file/bot<token>/<path>.
func (s *Server) serveFile(w http.ResponseWriter, rest string) {
	token, path, _ := strings.Cut(rest, "/")
	if token != s.opt.Token {
		answer(w, nil, &Error{Code: http.StatusUnauthorized, Description: "Unauthorized"})
		return
	}
	s.mu.Lock()
	var content []byte
	found := false
	for _, f := range s.files {
		if f.path == path {
			content, found = f.Content, true
		}
	}
	s.mu.Unlock()
	if !found {
		answer(w, nil, &Error{Code: http.StatusNotFound, Description: "Not Found"})
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	// A client that has gone away is no fault of the server.
	_, _ = io.Copy(w, bytes.NewReader(content))
}
