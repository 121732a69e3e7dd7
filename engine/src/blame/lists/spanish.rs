//! Spanish: words that blame, and the parts that words play.

use super::{Group, Language, Role, Said};

const CHECK: &str = "el paso no tiene una segunda revisión y el fallo llega al cliente";
const GUIDE: &str = "la guía no dice qué hacer con una tarjeta caducada";
const ROSTER: &str = "el turno prevé una persona para cuarenta llamadas al mediodía";
const REMINDER: &str = "nada avisa de que hay que llamar cuando llega la pieza";
const RULE: &str = "la norma lleva diez minutos por llamada y se prevén cuatro";
const FORM: &str = "el formulario admite cualquier cuenta y no la compara con el nombre";
const SCREEN: &str = "la pantalla muestra igual las dos cuentas y es fácil elegir la otra";

pub(super) const LIST: Language = Language {
    groups: &[
        Group {
            said: Said::Trait,
            is_slip: false,
            better: CHECK,
            words: "negligente, negligentes, negligentemente, descuidado, descuidada, descuidados, \
                descuidadas, descuidadamente, imprudente, imprudentes, irresponsables, \
                irresponsablemente, chapucero*, chapucera*, despistado, despistada, desatento, \
                desatenta, distraído, distraída",
        },
        Group {
            said: Said::Noun,
            is_slip: false,
            better: CHECK,
            words: "negligencia, negligencias, dejadez, desidia, imprudencia, \
                irresponsabilidad, chapuza, chapuzas",
        },
        Group {
            said: Said::Trait,
            is_slip: false,
            better: GUIDE,
            words: "incompetente, incompetentes, inepto, inepta, ineptos, ineptas, estúpido, \
                estúpida, estúpidos, estúpidas, tonto, tonta, tontos, tontas, ignorante, \
                ignorantes",
        },
        Group {
            said: Said::Noun,
            is_slip: false,
            better: GUIDE,
            words: "incompetencia, ineptitud, estupidez, idiota, idiotas, imbécil, \
                imbéciles, tontería, falta de sentido común",
        },
        Group {
            said: Said::Trait,
            is_slip: false,
            better: ROSTER,
            words: "perezoso, perezosa, perezosos, perezosas, holgazán, holgazana, holgazanes, \
                gandul*",
        },
        Group {
            said: Said::Noun,
            is_slip: false,
            better: ROSTER,
            words: "pereza, holgazanería, vagancia, falta de \
                ganas|interés|compromiso|profesionalidad, \
                mala actitud",
        },
        Group {
            said: Said::Act,
            is_slip: false,
            better: ROSTER,
            words: "no ~ molestó|molestaron|molestado en, no se tomó la molestia, le dio igual, \
                le daba igual, les dio igual, pasó del tema, miró para otro lado, \
                hizo la vista gorda, no le importó, no quiso molestarse",
        },
        Group {
            said: Said::Act,
            is_slip: false,
            better: GUIDE,
            words: "debería|deberían|debía|debían|debió|tendría|tenía ~ haber \
                sabido|visto|notado|comprobado|avisado, debería|deberían ~ haberlo \
                sabido|visto|notado, debería|debía|tendría|tenía|tendrían que \
                haber|haberlo sabido|visto|notado, sabía perfectamente, sabía de sobra, \
                a sabiendas",
        },
        Group {
            said: Said::Forgot,
            is_slip: false,
            better: REMINDER,
            words: "olvidó, olvidaron, se ~ olvidó, se ~ olvidaron, ha|han|había olvidado, \
                se ha|han olvidado",
        },
        Group {
            said: Said::Act,
            is_slip: false,
            better: RULE,
            words: "ignoró|ignoraron|incumplió|incumplieron|saltó|saltaron|desobedeció|infringió ~ \
            norma|normas|regla|reglas|instrucciones|procedimiento|procedimientos|protocolo|aviso",
        },
        Group {
            said: Said::OfStaff,
            is_slip: false,
            better: RULE,
            words: "ignoró, ignoraron, deliberadamente, adrede, a propósito, mintió, mintieron, \
                omitió",
        },
        Group {
            said: Said::OfPerson,
            is_slip: false,
            better: CHECK,
            words: "torpe, torpes, inútil, inútiles, vago, vaga, vagos, flojo, floja, flojos, \
                irresponsable, culpable, culpables, poco profesional, \
                responsable|responsables del error|fallo|retraso",
        },
        Group {
            said: Said::Owned,
            is_slip: false,
            better: FORM,
            words: "culpa, culpas",
        },
        Group {
            said: Said::Act,
            is_slip: false,
            better: FORM,
            words: "tiene|tuvo|tenía|tienen|tuvieron la culpa, tiene|tuvo toda la culpa, \
                echar la culpa, echó la culpa",
        },
        Group {
            said: Said::Noun,
            is_slip: true,
            better: SCREEN,
            words: "error humano, errores humanos, fallo humano, fallos humanos, factor humano, \
                falta de atención|cuidado|diligencia|concentración, descuido, descuidos, despiste, \
                despistes, inadvertencia, error de tecleo|operador|usuario, no prestó atención, \
                no prestaba atención, un lapsus, error involuntario",
        },
        Group {
            said: Said::OfPerson,
            is_slip: true,
            better: SCREEN,
            words: "tecleó|eligió|introdujo|marcó|envió ~ equivocado|equivocada, equivocó, \
                equivocaron, confundió, confundieron, cometió ~ error|fallo, \
                cometieron ~ error|fallo, leyó mal, no siguió ~ procedimiento|protocolo|normas|\
                instrucciones, no siguieron ~ procedimiento|protocolo|normas|instrucciones",
        },
        Group {
            said: Said::Owned,
            is_slip: true,
            better: SCREEN,
            words: "error, fallo, equivocación, olvido",
        },
        Group {
            said: Said::Harmless,
            is_slip: false,
            better: "",
            words: "debería haber recibido, debía haber recibido, sin culpa, culpa de nadie, \
                mensaje de error, código de error",
        },
    ],
    roles: &[
        (
            Role::Staff,
            "agente empleado empleada compañero compañera trabajador trabajadora operador* \
            operario técnico técnica repartidor* conductor* mensajero camarero camarera \
            recepcionista enfermero enfermera médico cajero cajera vendedor* encargado encargada \
            supervisor* gerente jefe jefa becario becaria asesor* gestor* equipo \
            teleoperador* cocinero piloto azafata dependiente dependienta funcionario comercial",
        ),
        (
            Role::Person,
            "él ella ellos ellas alguien gente hombre mujer",
        ),
        (
            Role::Customer,
            "cliente pasajero pasajera huésped paciente viajero usuario abonado",
        ),
        (
            Role::House,
            "nosotros empresa banco aerolínea hospital tienda proveedor departamento \
            compañía sucursal",
        ),
        (
            Role::Thing,
            "sistema formulario pantalla programa aplicación página procedimiento proceso norma \
            regla plantilla carta correo mensaje máquina impresora red servidor contrato factura \
            etiqueta paquete alarma guía manual turno campo botón ajuste control aviso formación \
            horario ascensor tiempo pieza fichero archivo calendario herramienta software router \
            datáfono",
        ),
        (Role::Owner, "su sus mi mis propia propio"),
        (
            Role::Negator,
            "nadie nunca ningún ninguno ninguna tampoco sin jamás",
        ),
        (
            Role::Article,
            "el los las una unos unas este esta estos estas ese esa nuestro nuestra",
        ),
        (
            Role::Preposition,
            "con del al para sobre desde hacia según entre",
        ),
        (
            Role::Copula,
            "es era eran fue fueron ser sido está estaba parece parecía muy demasiado tan \
            simplemente",
        ),
        (
            Role::Because,
            "porque pues pero sino quien quienes cuando aunque mientras",
        ),
        (Role::That, "que"),
        (Role::And, "y e"),
    ],
    endings: &[],
};
