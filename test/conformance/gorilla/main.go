// Command gorilla is the real twin of models/attach: the attach handler of #516 in Go over gorilla/websocket and TCP,
// with clients that die in the ways of the fault catalogue. It writes what happened as logs. See README.md.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

func main() {
	folder := flag.String("out", "", "the folder that the logs are written to")
	only := flag.String("only", "", "record only logs whose name, variant--story, contains this")
	trials := flag.Int("trials", 40, "trials of each variant and story")
	keep := flag.Int("keep", 5, "trials of each variant and story whose events are kept")
	parallel := flag.Int("parallel", 4, "trials that run at the same time")
	calm := flag.Duration("calm", 3*time.Millisecond, "a trial in which a goroutine runs later than this is run again, a few times at most")
	seed := flag.Int64("seed", 1, "what the trials' choices are drawn from; their timing is real")
	library := flag.String("websocket", "unknown", "the version of gorilla/websocket, for the log")
	kernel := flag.String("kernel", "unknown", "the version of the kernel, for the log")
	rules := flag.Bool("rules", false, "show the rules of gorilla, Go and TCP instead, and record rules.ndjson")
	flag.Parse()
	madeWith := map[string]string{"go": runtime.Version(), "websocket": *library, "kernel": *kernel}
	if *folder == "" {
		fail(fmt.Errorf("expected a folder: -out FOLDER"))
	}
	if *rules {
		fail(recordRules(*folder, madeWith))
		return
	}
	r := recorder{folder: *folder, trials: *trials, keep: *keep, parallel: *parallel, calm: *calm, jitter: watchJitter(), madeWith: madeWith}
	fail(recordAll(r, *only, *seed))
}

// recordAll replaces the logs that it records, and their lines among the measures.
func recordAll(r recorder, only string, seed int64) error {
	file := filepath.Join(r.folder, "measured.ndjson")
	measured, err := readMeasures(file)
	if err != nil {
		return err
	}
	var lines []measures
	for _, v := range variants {
		for _, s := range allStories() {
			name := logName(v.name, s.name)
			if strings.Contains(name, only) {
				m, err := r.record(v, s, seed)
				if err != nil {
					return err
				}
				fmt.Printf("%s: %d trials, %d released, late by at most %.2f ms\n", name, m.Trials, m.Released, float64(m.Lateness)/1e6)
				measured[name] = m
			}
			if m, ok := measured[name]; ok {
				lines = append(lines, m)
			}
		}
	}
	return writeLines(file, lines)
}

func logName(variant, story string) string {
	return variant + "--" + strings.NewReplacer(",", "", " ", "-").Replace(story)
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
