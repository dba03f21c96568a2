import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import google.rpc.ErrorDetails.ErrorInfo;
import google.rpc.StatusOuterClass;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Map;

/** Why a call failed: the machine-readable reason, the field, and what to do about it. */
record Refusal(Status.Code code, String reason, String field, String fix, Map<String, String> facts) {
    private static final Metadata.Key<byte[]> DETAILS =
        Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    /** With Maven's grpc-protobuf, {@code io.grpc.protobuf.StatusProto.fromThrowable} unpacks the same bytes. */
    static Refusal read(StatusRuntimeException error) throws InvalidProtocolBufferException {
        Metadata trailers = error.getTrailers();
        byte[] details = trailers == null ? null : trailers.get(DETAILS);
        if (details == null) throw new IllegalStateException("no details came with " + error.getStatus());
        for (Any detail : StatusOuterClass.Status.parseFrom(details).getDetailsList()) {
            if (!detail.is(ErrorInfo.class)) continue;
            ErrorInfo info = detail.unpack(ErrorInfo.class);
            Map<String, String> facts = info.getMetadataMap();
            return new Refusal(error.getStatus().getCode(), info.getReason(),
                facts.getOrDefault("field", ""), facts.getOrDefault("fix", ""), facts);
        }
        throw new IllegalStateException("no ErrorInfo came with " + error.getStatus());
    }
}
