/** What of the rules is not modelled, why that is safe, and how the header of the model says so. */
export const LEFT_OUT = [
  {
    rule: 1,
    what: 'frames of one message may be interleaved with control frames where it is fragmented',
    why: 'a server that calls WriteMessage sends one frame (rule 7)',
    header: 'fragmentation and compression (the runner uses neither)',
  },
  {
    rule: 6,
    what: 'two data writes that meet without blocking',
    why: 'a step is atomic here; the same two writers do overlap in some schedule in which the first one blocks',
    header: 'two data writes that overlap though neither blocks (they do in another schedule, where one does)',
  },
  {
    rule: 9,
    what: "a frame's payload that comes in after its header: the read limit and handlers wait for the whole frame here",
    why: 'control frames fit into one segment; the close 1009 of a frame over the limit only goes out later',
    header: 'the payload after the header (a frame is seen when all of it is there)',
  },
  {
    rule: 13,
    what: 'the 1000th read after a failure panics',
    why: 'the reader of every variant returns at the first error',
    header: 'the panic at the 1000th read after a failure (the reader returns at the first)',
  },
  {
    rule: 14,
    what: 'a pong handler that fails or blocks',
    why: "the runner's only sets the deadline",
    header: "a pong handler that fails (the runner's cannot)",
  },
  {
    rule: 16,
    what: 'HEAD, which ignores a sticky write error in the ping handler; the code that a close reply echoes',
    why: 'the runner pins v1.5.3; nobody looks at the code of a reply',
    header: "what HEAD does differently, and the close reply's code (nobody looks at it)",
  },
  {
    rule: 17,
    what: 'over TLS, Close may block for up to 5 s',
    why: 'the runner speaks plain TCP behind its balancer',
    header: 'TLS, whose `Close` may take up to 5 s more',
  },
] as const;
