package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// networked are the packages that may open connections.
func networked() []string {
	return []string{
		"../../rag/llm",      // dials the servers of models that a user names
		"../../bot/telegram", // dials Telegram, with a token only, and listens where a user says
		"../../bot/admin",    // listens where a user says
		"../../bot/meter",    // gives the admin endpoint its handler
		"../../bot/bottest",  // is a server for tests
	}
}

// offline are packages below net that open none.
func offline() []string { return []string{"net/url", "net/netip"} }

// typesOnly are what may be used of net/http elsewhere: with these alone nothing is
// dialled, and nobody listens.
func typesOnly() []string { return []string{"RoundTripper", "Request", "Response"} }

// TestNoNetwork holds what answers without a model to opening no connection: no
// package of it imports one that could, but for types. Only those that reach what
// a user names may.
func TestNoNetwork(t *testing.T) {
	for _, root := range []string{".", "../../corpus", "../../rag", "../../bot"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if d != nil && d.IsDir() && slices.Contains(networked(), filepath.ToSlash(path)) {
				return fs.SkipDir
			}
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			return checkImports(t, path)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func checkImports(t *testing.T, path string) error {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		switch {
		case name != "net" && !strings.HasPrefix(name, "net/"), slices.Contains(offline(), name):
		case name == "net/http" && spec.Name == nil:
			checkTypesOnly(t, path, file)
		default:
			t.Errorf("%s imports %s", path, name)
		}
	}
	return nil
}

// checkTypesOnly looks at what a file uses of net/http.
func checkTypesOnly(t *testing.T, path string, file *ast.File) {
	t.Helper()
	for n := range ast.Preorder(file) {
		of, ok := n.(*ast.SelectorExpr)
		if !ok {
			continue
		}
		if x, ok := of.X.(*ast.Ident); ok && x.Name == "http" && !slices.Contains(typesOnly(), of.Sel.Name) {
			t.Errorf("%s uses http.%s", path, of.Sel.Name)
		}
	}
}
