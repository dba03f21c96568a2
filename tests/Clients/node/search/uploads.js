'use strict';
// Streams points into a collection, within the credits that the server grants.

const FRAME_POINTS = 500;
const POINT_BYTES = 1024; // More than any point here takes; what counts is the size of the encoded frame.

// Uploads `points`, numbered from 1, from where the resume key of the header stands; returns what the server said last.
// stopAfter: break off, as a crash would, once so many points are acknowledged.
async function upload(service, header, points, { stopAfter = Infinity } = {}) {
  const call = service.Upload();
  call.on('error', () => {}); // The loop below throws it.
  call.write({ header });
  let sent = 0;
  let credits = 0;
  let bytes = 0;
  for await (const reply of call) {
    if (reply.frame === 'started') {
      // An earlier stream under the same key may have come this far: those points are safe.
      sent = Number(reply.started.acknowledgedThrough);
      ({ items: credits, bytes } = reply.started.credits);
    } else if (reply.frame === 'credits') {
      credits += reply.credits.items;
      bytes += reply.credits.bytes;
    } else if (reply.frame === 'ack' && Number(reply.ack.throughSequence) >= stopAfter) {
      call.cancel();
      return reply.ack;
    } else if (reply.frame === 'refusals') {
      throw new Error(reply.refusals.refused[0].error.message);
    } else if (reply.frame === 'summary') {
      return reply.summary;
    }
    while (sent < points.length && credits > 0 && bytes >= FRAME_POINTS * POINT_BYTES) {
      const frame = points.slice(sent, sent + Math.min(FRAME_POINTS, credits));
      call.write({ items: { firstSequence: sent + 1, points: frame } });
      sent += frame.length;
      credits -= frame.length;
      bytes -= frame.length * POINT_BYTES;
    }
    // Half-close: the server answers what is under way, then the summary.
    if (sent === points.length && !call.writableEnded) call.end();
  }
  throw new Error('the upload ended without a summary');
}

module.exports = { upload };
