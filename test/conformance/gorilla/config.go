package main

import (
	"fmt"
	"strconv"
	"time"
)

// config holds the constants of the modelled system, scaled alike: an interval of 50 ms instead of 15 s, so 1 to 300.
type config struct {
	interval      time.Duration
	pongWait      time.Duration
	writeDeadline time.Duration
	drainBound    time.Duration
	retry         time.Duration
	retryMax      time.Duration

	// One way over the link, each segment: from nothing to this.
	latency  time.Duration
	stallMin time.Duration
	stallMax time.Duration
	path     string

	sendBuffer       int
	receiveBuffer    int
	chunk            int
	subscriberBuffer int
	stdinQueue       int
}

func scaled() config {
	interval := 50 * time.Millisecond
	return config{
		interval:         interval,
		pongWait:         3 * interval,
		writeDeadline:    (interval * 20 / 15).Truncate(time.Microsecond),
		drainBound:       (interval * 2 / 15).Truncate(time.Microsecond),
		retry:            interval,
		retryMax:         2 * interval,
		latency:          5 * time.Millisecond,
		stallMin:         interval,
		stallMax:         8 * interval,
		path:             "direct",
		sendBuffer:       16_384,
		receiveBuffer:    16_384,
		chunk:            64,
		subscriberBuffer: 256,
		stdinQueue:       16,
	}
}

// settings are the model's parameters as its command line takes them.
func (c config) settings() map[string]string {
	return map[string]string{
		"interval":      text(c.interval),
		"pongWait":      text(c.pongWait),
		"writeDeadline": text(c.writeDeadline),
		"drainBound":    text(c.drainBound),
		"latency":       "0.." + text(c.latency),
		// The client answers at once; how late the machine lets it is in the log's error.
		"answer":           "0",
		"stall":            text(c.stallMin) + ".." + text(c.stallMax),
		"path":             c.path,
		"balancerIdle":     text(c.interval * 60 / 15),
		"giveUp":           fmt.Sprintf("%s..%s", text(c.interval*9246/150), text((c.interval * 940 / 15).Truncate(time.Microsecond))),
		"retry":            text(c.retry),
		"retryMax":         text(c.retryMax),
		"sendBuffer":       strconv.Itoa(c.sendBuffer),
		"receiveBuffer":    strconv.Itoa(c.receiveBuffer),
		"chunk":            strconv.Itoa(c.chunk),
		"subscriberBuffer": strconv.Itoa(c.subscriberBuffer),
		"stdinQueue":       strconv.Itoa(c.stdinQueue),
		// The twin's client sends no text frame and none over the limit, and reads at once; its shell keeps no backlog.
		"texts":   "0",
		"excess":  "never",
		"reading": "at once",
		"backlog": "0",
	}
}

func text(d time.Duration) string {
	if d%time.Millisecond == 0 {
		return fmt.Sprintf("%dms", d/time.Millisecond)
	}
	return fmt.Sprintf("%dus", d/time.Microsecond)
}
