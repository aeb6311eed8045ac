package llmtest

import (
	"cmp"
	"encoding/json"
	"hash/fnv"
	"net/http"
	"strconv"
	"strings"
)

// object is a JSON object.
type object map[string]any

// other answers what is no chat.
func (s *Server) other(r Request, model string) Reply {
	s.mu.Lock()
	n := s.others
	s.others++
	s.mu.Unlock()
	if n < len(s.script.First) {
		return s.script.First[n]
	}
	switch r.Path {
	case "/v1/models":
		return encode(object{"object": "list", "data": s.listed("id", "max_model_len")})
	case "/api/tags":
		return encode(object{"models": s.listed("name", "")})
	case "/api/ps":
		return s.loaded()
	case "/api/show":
		return s.show(model)
	case "/v1/embeddings":
		return s.edit(r, s.embeddings(r.Body))
	case "/rerank", "/v1/rerank":
		return s.edit(r, s.rerank(r.Body))
	}
	return Fail(http.StatusNotFound, "404 page not found")
}

// encode is a reply of JSON.
func encode(v any) Reply {
	data, err := json.Marshal(v)
	if err != nil { // all that is sent can be encoded
		panic(err)
	}
	return Reply{Body: string(data), Header: http.Header{"Content-Type": {"application/json"}}}
}

// edit passes a success through the script's Edit.
func (s *Server) edit(r Request, reply Reply) Reply {
	if s.script.Edit != nil && reply.Status == 0 {
		reply.Body = string(s.script.Edit(r.Path, []byte(reply.Body)))
	}
	return reply
}

// listed are the models as a catalog lists them.
func (s *Server) listed(name, context string) []object {
	list := []object{}
	for _, m := range s.script.Models {
		o := object{name: m}
		if context != "" && s.script.Context > 0 {
			o[context] = s.script.Context
		}
		list = append(list, o)
	}
	return list
}

// loaded is Ollama's list of loaded models.
func (s *Server) loaded() Reply {
	if s.script.Loaded == 0 {
		return encode(object{"models": []object{}})
	}
	list := s.listed("name", "")
	for _, o := range list {
		o["context_length"] = s.script.Loaded
	}
	return encode(object{"models": list})
}

// show is what Ollama tells of a model: its setting, and what it was trained on.
func (s *Server) show(string) Reply {
	o := object{"model_info": object{"general.architecture": "qwen3", "qwen3.context_length": 40960}}
	if s.script.Context > 0 {
		o["parameters"] = "stop \"<|im_end|>\"\nnum_ctx " + strconv.Itoa(s.script.Context) + "\n"
	}
	return encode(o)
}

// embeddings gives each text a vector made of its hash, not of length 1, the last
// text's first.
func (s *Server) embeddings(body []byte) Reply {
	var in struct {
		Input []string `json:"input"`
	}
	if json.Unmarshal(body, &in) != nil || len(in.Input) == 0 {
		return Fail(http.StatusBadRequest, `{"error":{"type":"invalid_request_error"}}`)
	}
	var data []object
	for i := len(in.Input) - 1; i >= 0; i-- {
		data = append(data, object{"index": i, "embedding": Vector(in.Input[i], cmp.Or(s.script.Dim, 4))})
	}
	return encode(object{"object": "list", "data": data})
}

// Vector is what the server gives for a text: different texts differ, and none has
// the length 1.
func Vector(text string, dim int) []float64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text)) // never fails
	sum := h.Sum64()
	v := make([]float64, dim)
	for i := range v {
		v[i] = 1 + float64(sum%1000)
		sum = sum*6364136223846793005 + 1442695040888963407
		sum ^= sum >> 29
	}
	return v
}

// rerank scores a text by how many of the query's characters it has, best first.
func (s *Server) rerank(body []byte) Reply {
	var in struct {
		Query     string   `json:"query"`
		Documents []string `json:"documents"`
		Texts     []string `json:"texts"`
	}
	if json.Unmarshal(body, &in) != nil {
		return Fail(http.StatusBadRequest, "")
	}
	texts, name := in.Documents, "relevance_score"
	if s.script.TEI {
		texts, name = in.Texts, "score"
	}
	if texts == nil {
		return Fail(http.StatusUnprocessableEntity, `{"error":"missing field","error_type":"validation"}`)
	}
	results := []object{}
	for want := len([]rune(in.Query)); want >= 0; want-- {
		for i, text := range texts {
			if Shared(in.Query, text) == want {
				results = append(results, object{"index": i, name: float64(want)})
			}
		}
	}
	if s.script.TEI {
		return encode(results)
	}
	return encode(object{"results": results})
}

// Shared is the score that the server gives a text: the number of the query's
// characters that it holds.
func Shared(query, text string) int {
	n := 0
	for _, r := range query {
		if strings.ContainsRune(text, r) {
			n++
		}
	}
	return n
}
